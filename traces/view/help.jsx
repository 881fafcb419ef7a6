// Which keys are there?
import { useEffect, useRef } from "preact/hooks";
import { Legend } from "./legend.jsx";

const KEYS = [
	["← → or k j", "one step"],
	["PgUp PgDn", "twenty steps"],
	["Home End", "first, last step"],
	["[ ]", "exit from L2 before, after"],
	["space", "play, pause"],
	["s", "story or details"],
	["/", "search; Enter, n and p: next and previous"],
	["+ −", "fewer or more steps in the lanes"],
	["o", "of two recordings: walk the other one"],
	["t", "of two recordings: together, or each on its own"],
	["?", "these keys"],
];

export function Help({ close }) {
	const box = useRef();
	useEffect(() => box.current.showModal(), []);
	return (
		<dialog ref={box} onClose={close} onClick={() => box.current.close()}>
			<h3>Keys</h3>
			<table>
				{KEYS.map(([key, does]) => (
					<tr>
						<td>
							<kbd>{key}</kbd>
						</td>
						<td>{does}</td>
					</tr>
				))}
			</table>
			<h3>Colours and arrows</h3>
			<Legend />
			<p class="dim">Steps, search and filters walk what the filters leave. A link has all that is seen here.</p>
		</dialog>
	);
}
