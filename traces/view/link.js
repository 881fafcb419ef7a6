// What of the page is in its address?  Everything that somebody else needs to see the same; what is as always is left out.
const NAMES = {
	step: "number",
	with: "number",
	side: "number",
	apart: "number",
	q: "text",
	reason: "text",
	from: "text",
	vcpu: "text",
	zoom: "number",
	view: "text",
	speed: "number",
};

export function readLink(hash) {
	const given = new URLSearchParams(hash.replace(/^#/, ""));
	const state = {};
	for (const [name, type] of Object.entries(NAMES)) {
		if (!given.has(name)) continue;
		const value = type === "number" ? Number.parseInt(given.get(name), 10) : given.get(name);
		if (value === value) state[name] = value; // no number is not one
	}
	return state;
}

export function writeLink(state, usual) {
	const words = new URLSearchParams();
	for (const name of Object.keys(NAMES))
		if (name === "step" || (state[name] !== undefined && state[name] !== usual[name])) words.set(name, state[name]);
	return `#${words}`;
}
