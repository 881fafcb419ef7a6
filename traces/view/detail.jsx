// What is known of the step one is at?
import { useMemo } from "preact/hooks";
import { Bits } from "./bits.jsx";
import { Counts } from "./counts.jsx";
import { Level } from "./level.jsx";
import { Registers } from "./registers.jsx";
import {
	TIME,
	VCPU,
	FROM,
	TO,
	REASON,
	CAUSE,
	CONTROL,
	WORDS,
	FUNC,
	PC,
	ESR,
	COST,
	VALUE,
	HCR,
	KIND,
	TO_VCPU,
	NOTES,
	ERET,
	FORWARD,
	TO_GUEST,
	lowerBound,
	vcpuName,
} from "./trace.js";

const CAUSES = ["unknown", "the architecture", "L0's own need", "L1 asked"];

export function Detail({ trace, now }) {
	const s = trace.steps[now];
	const { values, changed, counts, cost } = useMemo(() => trace.at(now), [trace, now]);
	const name = trace.strings.indexOf("HCR_EL2");
	const hcr = values.get(name);
	const own = trace.ofVcpu.get(s[VCPU]);
	const before = trace.steps[own[lowerBound(own, now) - 1]];
	return (
		<div class="detail" tabIndex={0} aria-label="this step">
			<h3>
				Step {now} of {trace.steps.length - 1}, at {(s[TIME] / 1000).toFixed(3)} µs
				{trace.vcpus.length > 1 ? `, vCPU ${vcpuName(s[VCPU])}` : ""}
			</h3>
			<div class="what" aria-live="polite">
				<p class="reason">{trace.text(s[REASON])}</p>
				<p class="words">{trace.text(s[WORDS])}</p>
				<p>
					<Level of={s[FROM]} /> trapped
					{s[FUNC] ? (
						<>
							{" "}
							in <code>{trace.text(s[FUNC])}</code>
						</>
					) : (
						""
					)}{" "}
					at <code>{s[PC]}</code>. Why: {CAUSES[s[CAUSE]]}
					{s[CONTROL] && trace.text(s[CONTROL]) ? (
						<>
							{" "}
							(<code>{trace.text(s[CONTROL])}</code>)
						</>
					) : (
						""
					)}
					.
				</p>
				{s[NOTES] ? <p class="words">{trace.text(s[NOTES])}</p> : ""}
				<p>
					L0 took {s[COST]} ticks and went on at <Level of={s[TO]} />
					{s[TO_VCPU] !== s[VCPU] ? ` of vCPU ${vcpuName(s[TO_VCPU])}` : ""}
					{s[KIND] & ERET ? ", by L1's ERET" : ""}
					{s[KIND] & FORWARD ? ", with an exception forwarded to L1" : ""}
					{s[KIND] & TO_GUEST ? ", with an exception to the guest's EL1" : ""}.
					{s[VALUE] ? (
						<>
							{" "}
							Value: <code>{s[VALUE]}</code>.
						</>
					) : (
						""
					)}{" "}
					ESR_EL2 was <code>{s[ESR]}</code>.
				</p>
			</div>
			<h3>
				HCR_EL2 of hardware from here on: <code>{s[HCR]}</code>
			</h3>
			<Bits trace={trace} value={s[HCR]} was={before?.[HCR]} />
			<h3>
				HCR_EL2 as L1 wrote it: <code>{hcr ?? "not in the trace"}</code>
			</h3>
			<Bits trace={trace} value={hcr} was={changed.get(name)?.was} />
			<h3>
				Traps so far: {now + 1}, {cost} ticks in L0
			</h3>
			<Counts trace={trace} counts={counts} reason={s[REASON]} />
			<h3>
				VNCR page and register file{trace.vcpus.length > 1 ? ` of vCPU ${vcpuName(s[VCPU])}` : ""}:{" "}
				{changed.size ? `${changed.size} changed, shown first` : "nothing changed here"}
			</h3>
			<Registers trace={trace} values={values} changed={changed} />
		</div>
	);
}
