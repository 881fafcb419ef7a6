// Which keys are there?
import { useEffect, useRef } from "preact/hooks";

const KEYS = [
	["← → or k j", "one step"],
	["PgUp PgDn", "twenty steps"],
	["Home End", "first, last step"],
	["[ ]", "exit from L2 before, after"],
	["/", "search; Enter, n and p: next and previous"],
	["+ −", "more or fewer steps in the lanes"],
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
			<h3>Arrows</h3>
			<p>
				down: a trap. Up: L0 goes on; <b class="L2">ERET of L1</b>,{" "}
				<b class="forward">an exception forwarded to L1</b>.
			</p>
		</dialog>
	);
}
