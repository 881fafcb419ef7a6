// Which bits of HCR_EL2 are set, and which are not as they were?
// was: the value before, or undefined; bits that differ from it are marked.
export function Bits({ trace, value, was }) {
	const bits = BigInt(value || 0);
	const differ = was === undefined ? 0n : bits ^ BigInt(was);
	const set = (of, bit) => (of >> BigInt(bit)) & 1n;
	return (
		<div class="bits">
			{trace.hcr.map(([bit, name]) => (
				<span
					class={`${set(bits, bit) ? "on" : ""} ${set(differ, bit) ? "differs" : ""}`}
					title={`bit ${bit}${set(differ, bit) ? ", changed" : ""}`}
				>
					{name}
				</span>
			))}
		</div>
	);
}
