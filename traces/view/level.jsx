// Which level is that?  Its name, in the colour of its lane.
import { LANES, LEVELS, laneOf } from "./trace.js";

export const Level = ({ of }) => <b class={LANES[laneOf(of)]}>{LEVELS[of] ?? "the end"}</b>;
