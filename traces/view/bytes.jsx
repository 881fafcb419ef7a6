// Which bytes of a value are not as they were?
// A value in whole bytes, those that differ from the value before it marked.
export function Bytes({ value, was }) {
	const digits = (v) =>
			BigInt(v ?? 0)
				.toString(16)
				.padStart(16, "0"),
		now = digits(value),
		old = digits(was);
	if (was === undefined) return <code>{now}</code>;
	return (
		<code>
			{now.match(/../g).map((byte, i) => (
				<span class={byte === old.slice(2 * i, 2 * i + 2) ? "" : "differs"}>{byte}</span>
			))}
		</code>
	);
}
