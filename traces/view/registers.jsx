// What is in the VNCR page and in the register file after this step?  What changed comes first.
import { Bytes } from "./bytes.jsx";
import { Term } from "./tips.jsx";

export function Registers({ trace, values, changed }) {
	const isId = (name) => name.startsWith("ID_"); // they never change
	const slotOf = (name) => trace.sysregs[name]?.[2] ?? -1;
	const order = ([a], [b]) =>
		changed.has(b) - changed.has(a) ||
		isId(a) - isId(b) ||
		(slotOf(a) < 0) - (slotOf(b) < 0) ||
		slotOf(a) - slotOf(b) ||
		(a < b ? -1 : 1);
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
				return (
					<tr key={name} class={change ? "new" : ""}>
						<td class="dim">{slotOf(name) < 0 ? "" : `0x${slotOf(name).toString(16).padStart(3, "0")}`}</td>
						<td>
							<Term of={name} focus={false} />
						</td>
						<td>
							<Bytes value={value} was={change?.was} />
						</td>
						<td class="by">{change ? (change.byL1 ? "by L1, without a trap" : "by L0") : ""}</td>
					</tr>
				);
			})}
		</table>
	);
}
