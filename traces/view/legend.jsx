// What do colours, arrows and signs mean?
import { Term } from "./tips.jsx";

const ITEMS = [
	["L2", <i class="box L2" />, "runs", "L2"],
	["L1", <i class="box L1" />, "runs", "L1"],
	["L0", <i class="box L0" />, "at work", "L0"],
	["trap", <b class="dim">↓</b>, "to L0", "trap"],
	["ERET", <b class="L2">↑ ⇓</b>, "of L1", "ERET"],
	["forwarded", <b class="forward">↑ ⇑</b>, "to L1", "forwarded"],
	["goes on", <b class="dim">↑ →</b>, "behind the trap", "emulated"],
];

export const Legend = () => (
	<div class="legend" aria-label="legend">
		{ITEMS.map(([name, sign, words, tip]) => (
			<span>
				{sign} <Term of={tip}>{name}</Term> <span class="dim">{words}</span>
			</span>
		))}
	</div>
);
