// What happens here, in words and in a picture?  The way of the CPU through the levels, and the state that it is about.
import { useMemo } from "preact/hooks";
import { about, tell, wayOn } from "./story.js";
import { Code } from "./code.jsx";
import { Level } from "./level.jsx";
import { Term, Words } from "./tips.jsx";
import { FORWARD, ERET, LANES, LEVELS, laneOf, vcpuName } from "./trace.js";
import { explain } from "./glossary.js";

const ROWS = [26, 80, 134]; // of L2, L1, L0
const BOX = 40;
const HALF = 15;
const COLUMN = 138;
const WIDE = 104;

// A box in a column, on the row of its level.
const Stay = ({ column, lane, words, strong }) => (
	<g class={`stay ${LANES[lane]} ${strong ? "strong" : ""}`}>
		<rect x={BOX + column * COLUMN} y={ROWS[lane] - HALF} width={WIDE} height={2 * HALF} rx={6} />
		<text x={BOX + column * COLUMN + WIDE / 2} y={ROWS[lane] + 5} text-anchor="middle">
			{words}
		</text>
	</g>
);

// From the box in one column to the one in the next.
function Way({ column, from, to, words, name }) {
	const x1 = BOX + column * COLUMN + WIDE;
	const x2 = BOX + (column + 1) * COLUMN;
	const middle = (x1 + x2) / 2;
	const path = `M${x1} ${ROWS[from]} H${middle} V${ROWS[to]} H${x2 - 3}`;
	return (
		<g class={`way ${name}`}>
			<path d={path} marker-end="url(#tip-of-way)" />
			<text x={middle} y={(from < to ? ROWS[from] : ROWS[to]) - HALF - 3} text-anchor="middle">
				{words}
			</text>
		</g>
	);
}

function Scene({ kind }) {
	const from = laneOf(kind.from);
	const to = kind.to >= 0 ? laneOf(kind.to) : -1;
	const way = kind.flags & FORWARD ? "forward" : kind.flags & ERET ? "eret" : "";
	return (
		<svg
			class="scene"
			viewBox="0 -8 440 168"
			role="img"
			aria-label={`${LEVELS[kind.from]}, then L0, then ${LEVELS[kind.to] ?? "the end"}`}
		>
			<defs>
				<marker
					id="tip-of-way"
					viewBox="0 0 8 8"
					refX="6"
					refY="4"
					markerWidth="7"
					markerHeight="7"
					orient="auto"
				>
					<path d="M0 0 L8 4 L0 8 Z" fill="context-stroke" />
				</marker>
			</defs>
			{LANES.map((name, lane) => (
				<g class={`floor ${name}`} key={name}>
					<rect x={0} y={ROWS[lane] - 22} width={440} height={44} />
					<text x={10} y={ROWS[lane] + 5}>
						{name}
					</text>
				</g>
			))}
			<Stay column={0} lane={from} words={LEVELS[kind.from]} />
			<Stay column={1} lane={2} words="firn" strong />
			{to >= 0 ? <Stay column={2} lane={to} words={LEVELS[kind.to]} /> : ""}
			<Way column={0} from={from} to={2} words={kind.reason.split(":")[0]} name="" />
			{to >= 0 ? <Way column={1} from={2} to={to} words={wayOn(kind)} name={way} /> : ""}
		</svg>
	);
}

// The parts of a syndrome: exception class and the rest.
const ecWords = (esr) => `EC 0x${(BigInt(esr) >> 26n).toString(16)}, ISS 0x${(BigInt(esr) & 0x1ffffffn).toString(16)}`;

const Card = ({ title, rows, more, sysregs }) => (
	<section class="card">
		<h4>
			<Words text={title} />
		</h4>
		<dl>
			{rows.map(([name, value]) => {
				const register = name.replace(/ was$/, "");
				return (
					<>
						<dt>{explain(register, sysregs) ? <Term of={register}>{name}</Term> : name}</dt>
						<dd>
							<code>{value}</code>
							{/^ESR_EL/.test(name) ? <span class="dim"> {ecWords(value)}</span> : ""}
						</dd>
					</>
				);
			})}
		</dl>
		{more ? <p class="dim">and {more} more</p> : ""}
	</section>
);

export function Story({ trace, now }) {
	const kind = trace.at(now);
	const registers = useMemo(() => trace.registersAt(now), [trace, now]);
	const [first, ...rest] = tell(kind);
	return (
		<div class="story" tabIndex={0} aria-label="what happens">
			<p class="where">
				Step {now} of {trace.length - 1}
				{trace.vcpus.length > 1 ? `, vCPU ${vcpuName(kind.vcpu)}` : ""}
			</p>
			<Scene kind={kind} />
			<div class="beside">
				<div class="told" aria-live="polite">
					<p class="first">
						<Words text={first} />
					</p>
					{rest.length ? (
						<p>
							<Words text={rest.join(" ")} />
						</p>
					) : (
						""
					)}
					<p class="dim">
						{kind.mark ? "" : `firn took ${trace.cost[now].toLocaleString("en")} ${trace.unit}. `}
						{kind.to >= 0 ? (
							<>
								Now <Level of={kind.to} /> runs
								{kind.toVcpu !== kind.vcpu ? `, of vCPU ${vcpuName(kind.toVcpu)}` : ""}.
							</>
						) : (
							"The recording ends here."
						)}
					</p>
					<Code kind={kind} />
				</div>
				<div class="cards">
					{about(kind, registers).map((card) => (
						<Card key={card.title} {...card} sysregs={trace.sysregs} />
					))}
				</div>
			</div>
		</div>
	);
}
