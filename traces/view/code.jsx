// Which instruction of L1 is it, and which line of its source?  Nothing where the recording's program was not given.
export const Code = ({ kind }) =>
	kind.instruction || kind.place ? (
		<table class="code">
			{kind.instruction ? (
				<tr>
					<th>instruction</th>
					<td>
						<code>{kind.instruction}</code>
					</td>
				</tr>
			) : (
				""
			)}
			{kind.place ? (
				<tr>
					<th>{kind.place}</th>
					<td>
						<code>{kind.line}</code>
					</td>
				</tr>
			) : (
				""
			)}
		</table>
	) : (
		""
	);
