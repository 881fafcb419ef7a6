// How is a recording played?  A step at a time, so fast that one can read; it ends at the last step.
import { useEffect } from "preact/hooks";

const SECONDS = 4; // for a step at speed 1
export const SPEEDS = [
	[1, "1×"],
	[2, "2×"],
	[4, "4×"],
	[16, "16×"],
];

export function usePlayer(playing, speed, now, next, stop) {
	useEffect(() => {
		if (!playing) return undefined;
		const later = setTimeout(() => next() || stop(), (SECONDS * 1000) / speed);
		return () => clearTimeout(later);
	}, [playing, speed, now]);
}

export const Player = ({ playing, setPlaying, speed, setSpeed }) => (
	<>
		<button class="play" onClick={() => setPlaying(!playing)} aria-pressed={playing} title="space">
			{playing ? "❚❚ pause" : "▶ play"}
		</button>
		<select value={speed} onChange={(e) => setSpeed(Number(e.currentTarget.value))} aria-label="speed">
			{SPEEDS.map(([value, words]) => (
				<option value={value}>{words}</option>
			))}
		</select>
	</>
);
