// Which bits of HCR_EL2 are set, and which are not as they were?
// was: the value before, or undefined; bits that differ from it are marked.
import { Term } from "./tips.jsx";

export function Bits({ trace, value, was }) {
	const bits = BigInt(value || 0);
	const differ = was === undefined ? 0n : bits ^ BigInt(was || 0);
	const set = (of, bit) => (of >> BigInt(bit)) & 1n;
	return (
		<div class="bits">
			{trace.hcr.map(([bit, name]) => (
				<Term
					of={`HCR_EL2.${name}`}
					class={`${set(bits, bit) ? "on" : ""} ${set(differ, bit) ? "differs" : ""}`}
					focus={false}
				>
					{name}
				</Term>
			))}
		</div>
	);
}
