// How often was each reason, up to this step?
import { Term } from "./tips.jsx";

const MOST_REASONS = 12;

export function Counts({ trace, counts, reason }) {
	const most = counts[0]?.[1] ?? 1;
	const rest = counts.slice(MOST_REASONS);
	return (
		<table class="counts">
			{counts.slice(0, MOST_REASONS).map(([of, n]) => (
				<tr class={of === reason ? "this" : ""}>
					<td>{n.toLocaleString("en")}</td>
					<td class="bar">
						<i style={{ width: `${(100 * n) / most}%` }} />
					</td>
					<td>
						<Term of={of} focus={false} />
					</td>
				</tr>
			))}
			{rest.length ? (
				<tr>
					<td>{rest.reduce((sum, [, n]) => sum + n, 0).toLocaleString("en")}</td>
					<td />
					<td class="dim">{rest.length} more reasons</td>
				</tr>
			) : (
				""
			)}
		</table>
	);
}
