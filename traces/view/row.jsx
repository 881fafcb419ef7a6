// What is a step in one line?  From where to where, why, and in which function.
import { ERET, FORWARD, LEVELS, LANES, laneOf, vcpuName } from "./trace.js";

export function Row({ trace, side, i, now, hit, start, go }) {
	const kind = trace.at(i);
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
			{trace.vcpus.length > 1 ? <span class="vcpu">{vcpuName(kind.vcpu)}</span> : ""}
			<span class={`from ${LANES[laneOf(kind.from)]}`}>{LEVELS[kind.from]}</span>
			<span class={`way ${kind.flags & FORWARD ? "forward" : kind.flags & ERET ? "L2" : "dim"}`}>
				{kind.flags & FORWARD ? "⇑" : kind.flags & ERET ? "⇓" : "→"}
			</span>
			<span class={`to ${kind.to >= 0 ? LANES[laneOf(kind.to)] : "dim"}`}>{LEVELS[kind.to] ?? "end"}</span>
			<span class="reason">{kind.reason}</span>{" "}
			<span class="func">{[kind.instruction, kind.func].filter(Boolean).join("  ")}</span>
		</div>
	);
}
