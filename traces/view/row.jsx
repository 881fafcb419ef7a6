// What is a step in one line?  From where to where, why, and in which function.
import { VCPU, FROM, TO, REASON, FUNC, KIND, ERET, FORWARD, LEVELS, LANES, laneOf, vcpuName } from "./trace.js";

export function Row({ trace, side, i, now, hit, start, go }) {
	const s = trace.steps[i];
	return (
		<div
			role="option"
			id={`side${side}step${i}`}
			aria-selected={i === now}
			data-step={i}
			class={`row ${i === now ? "now" : ""} ${hit ? "hit" : ""}`}
			style={{ transform: `translateY(${start}px)` }}
			onClick={() => go(i)}
		>
			<span class="number">{i}</span>
			{trace.vcpus.length > 1 ? <span class="vcpu">{vcpuName(s[VCPU])}</span> : ""}
			<span class={LANES[laneOf(s[FROM])]}>{LEVELS[s[FROM]]}</span>
			<span class="dim">{s[KIND] & FORWARD ? "⇑" : s[KIND] & ERET ? "⇓" : "→"}</span>
			<span class={s[TO] >= 0 ? LANES[laneOf(s[TO])] : "dim"}>{LEVELS[s[TO]] ?? "end"}</span>
			<span class="reason">{trace.text(s[REASON])}</span> <span class="dim">{trace.text(s[FUNC])}</span>
		</div>
	);
}
