// What do you expect?  First a guess, then the answer, which is counted in the recording on this page.
import { useState } from "preact/hooks";
import { LEVELS } from "./trace.js";

// As firn report --count has it: a trap counts when it has all names (experiments/firn/command/count.c).
const BY = ["unknown", "the architecture", "L0", "L1"];
function hasName(kind, name) {
	const cause = kind.control ? `${BY[kind.cause]}: ${kind.control}` : BY[kind.cause];
	const vm = `VM ${kind.vcpu >> 3}`;
	const begins = (whole, separator) => whole === name || whole.startsWith(name + separator);
	return (
		name === "all" ||
		begins(kind.reason, ":") ||
		begins(LEVELS[kind.from], " ") ||
		cause === name ||
		begins(`${vm} vCPU ${kind.vcpu & 7}`, " ") ||
		(kind.from === 0 && kind.func.replace(/\+0x[0-9a-f]+$/, "") === name)
	);
}

export function answer(trace, names) {
	const { traps, each } = trace.count((kind) => names.split(",").every((name) => hasName(kind, name)));
	return { traps, each: each === undefined ? undefined : Math.round(each * 1000) / 1000 };
}

const say = ({ traps, each }) =>
	`${traps} trap${traps === 1 ? "" : "s"}${each === undefined ? "" : `, ${each} per operation`}`;

export function Exercise({ recording, count, answer: printed, command, open }) {
	const [guess, setGuess] = useState("");
	const [shown, setShown] = useState(false);
	const trace = count && open(recording);
	const found = trace ? answer(trace, count) : null;
	const right = found && guess !== "" && [found.traps, found.each].includes(Number(guess));
	return (
		<form
			class="ask"
			onSubmit={(e) => {
				e.preventDefault();
				setShown(true);
			}}
		>
			<code class="command">{command}</code>
			{found ? (
				<label>
					your guess{" "}
					<input
						type="number"
						step="any"
						value={guess}
						onInput={(e) => {
							setGuess(e.currentTarget.value);
							setShown(false);
						}}
					/>
				</label>
			) : (
				""
			)}
			<button type="submit">{found && guess !== "" ? "check" : "reveal"}</button>
			<output class={shown ? (right ? "right" : guess === "" ? "" : "wrong") : ""}>
				{shown ? (
					<>
						{guess === "" || !found ? "" : right ? "Right: " : "Not quite: "}
						<b>{found ? say(found) : printed}</b>
						{found ? (
							<a href="#" data-show={recording} data-step={firstOf(trace, count)}>
								show the first
							</a>
						) : (
							""
						)}
					</>
				) : (
					""
				)}
			</output>
		</form>
	);
}

const firstOf = (trace, count) =>
	Math.max(
		0,
		trace.all.find((i) => !trace.at(i).mark && count.split(",").every((name) => hasName(trace.at(i), name))) ?? 0,
	);
