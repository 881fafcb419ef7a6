// What is known of the step one is at?
import { useMemo } from "preact/hooks";
import { Bits } from "./bits.jsx";
import { Code } from "./code.jsx";
import { Counts } from "./counts.jsx";
import { Level } from "./level.jsx";
import { Registers } from "./registers.jsx";
import { Term, Words } from "./tips.jsx";
import { CAUSES, ERET, FORWARD, TO_GUEST, lowerBound, vcpuName } from "./trace.js";
import { tell } from "./story.js";

// What happened, in the words of the architecture.
const What = ({ trace, kind, now }) => (
	<div class="what" aria-live="polite">
		<p class="reason">
			<Term of={kind.reason} />
		</p>
		<p class="first">
			<Words text={tell(kind)[0]} />
		</p>
		<Code kind={kind} />
		<p class="words">
			<Words text={kind.words} />
		</p>
		{kind.notes ? (
			<p class="words">
				<Words text={kind.notes} />
			</p>
		) : (
			""
		)}
		<p>
			<Level of={kind.from} /> trapped
			{kind.func ? (
				<>
					{" in "}
					<code>{kind.func}</code>
				</>
			) : (
				""
			)}{" "}
			at <code>{kind.pc}</code>. Why: {CAUSES[kind.cause]}
			{kind.control ? (
				<>
					{" ("}
					<Term of={kind.control} />)
				</>
			) : (
				""
			)}
			.
		</p>
		<p>
			L0 took {trace.cost[now].toLocaleString("en")} {trace.unit} and went on at <Level of={kind.to} />
			{kind.toVcpu !== kind.vcpu ? ` of vCPU ${vcpuName(kind.toVcpu)}` : ""}
			{kind.flags & ERET ? ", by L1's ERET" : ""}
			{kind.flags & FORWARD ? ", with an exception forwarded to L1" : ""}
			{kind.flags & TO_GUEST ? ", with an exception to the guest's EL1" : ""}.
		</p>
	</div>
);

const Facts = ({ kind }) => (
	<dl class="facts">
		{[
			["ESR_EL2", kind.esr],
			["value", kind.value],
			["IPA", kind.ipa],
		].map(([name, value]) =>
			value ? (
				<div>
					<dt>{name === "value" ? name : <Term of={name} />}</dt>
					<dd>
						<code>{value}</code>
					</dd>
				</div>
			) : (
				""
			),
		)}
	</dl>
);

export function Detail({ trace, now }) {
	const kind = trace.at(now);
	const { values, changed } = useMemo(() => trace.registersAt(now), [trace, now]);
	const { counts, traps, cost } = useMemo(() => trace.countsAt(now), [trace, now]);
	const hcr = values.get("HCR_EL2");
	const own = trace.ofVcpu.get(kind.vcpu);
	const before = own[lowerBound(own, now) - 1];
	return (
		<div class="detail" tabIndex={0} aria-label="this step">
			<h3>
				Step {now} of {trace.length - 1}, at {(trace.from[now] / 1000).toFixed(3)} µs
				{trace.vcpus.length > 1 ? `, vCPU ${vcpuName(kind.vcpu)}` : ""}
			</h3>
			<What trace={trace} kind={kind} now={now} />
			<Facts kind={kind} />
			<h3>
				<Term of="merged HCR_EL2">HCR_EL2 of hardware</Term> from here on: <code>{kind.hcr}</code>
			</h3>
			<Bits trace={trace} value={kind.hcr} was={before === undefined ? undefined : trace.at(before).hcr} />
			<h3>
				<Term of="HCR_EL2" /> as L1 wrote it: <code>{hcr ?? "not in the trace"}</code>
			</h3>
			<Bits trace={trace} value={hcr} was={changed.get("HCR_EL2")?.was} />
			<h3>
				Traps so far: {traps.toLocaleString("en")}, {cost.toLocaleString("en")} {trace.unit} in L0
			</h3>
			<Counts trace={trace} counts={counts} reason={kind.reason} />
			<h3>
				<Term of="VNCR page" /> and <Term of="register file" />
				{trace.vcpus.length > 1 ? ` of vCPU ${vcpuName(kind.vcpu)}` : ""}:{" "}
				{changed.size ? `${changed.size} changed, shown first` : "nothing changed here"}
			</h3>
			<div class="aside">
				<Registers trace={trace} values={values} changed={changed} />
			</div>
		</div>
	);
}
