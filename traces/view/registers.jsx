// What is in the VNCR page and in the register file after this step?  What changed comes first.
import { Bytes } from "./bytes.jsx";

export function Registers({ trace, values, changed }) {
	const isId = (name) => trace.text(name).startsWith("ID_"); // they never change
	const order = (a, b) =>
		changed.has(b[0]) - changed.has(a[0]) ||
		isId(a[0]) - isId(b[0]) ||
		(trace.slots[trace.text(a[0])] ?? 4096) - (trace.slots[trace.text(b[0])] ?? 4096) ||
		a[0] - b[0];
	return (
		<table class="registers">
			<tr class="dim">
				<th>VNCR</th>
				<th>register</th>
				<th>value</th>
				<th />
			</tr>
			{[...values].sort(order).map(([name, value]) => {
				const change = changed.get(name);
				const slot = trace.slots[trace.text(name)];
				return (
					<tr key={name} class={change ? "new" : ""}>
						<td class="dim">{slot === undefined ? "" : `0x${slot.toString(16).padStart(3, "0")}`}</td>
						<td>{trace.text(name)}</td>
						<td>
							<Bytes value={value} was={change?.was} />
						</td>
						<td>{change ? (change.byL1 ? "by L1, without a trap" : "by L0") : ""}</td>
					</tr>
				);
			})}
		</table>
	);
}
