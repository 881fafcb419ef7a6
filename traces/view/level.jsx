// Which level is that?  Its name, in the colour of its lane.
import { Term } from "./tips.jsx";
import { LANES, LEVELS, laneOf } from "./trace.js";

export const Level = ({ of }) => (
	<Term of={LEVELS[of] ?? ""} class={`level ${LANES[laneOf(of)]}`} focus={false}>
		{LEVELS[of] ?? "the end"}
	</Term>
);
