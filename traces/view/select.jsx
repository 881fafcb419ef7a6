// Which of these only?  Or every one.  The address has what is chosen, so the browser is not to remember it.
export const Select = ({ label, every, value, set, options }) => (
	<select value={value} onChange={(e) => set(e.currentTarget.value)} aria-label={label} autocomplete="off">
		<option value="">{every}</option>
		{options.map(([v, words]) => (
			<option value={v}>{words}</option>
		))}
	</select>
);
