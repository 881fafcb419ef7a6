// Which of these only?  Or every one.
export const Select = ({ label, every, value, set, options }) => (
	<select value={value} onChange={(e) => set(e.currentTarget.value)} aria-label={label}>
		<option value="">{every}</option>
		{options.map(([v, words]) => (
			<option value={v}>{words}</option>
		))}
	</select>
);
