// What does this word mean?  A word with an explanation, and the one box that shows it: to the pointer, to the keyboard, to a finger.
import { useEffect, useRef, useState } from "preact/hooks";
import { explain, FINDS } from "./glossary.js";

const GAP = 8; // pixels between the word and the box

// A word that the box explains. What is shown may be shorter than what is explained, as NV is for HCR_EL2.NV.
export const Term = ({ of, children, class: name = "", focus = true }) => (
	<span class={`term ${name}`} data-tip={of} tabIndex={focus ? 0 : undefined}>
		{children ?? of}
	</span>
);

// A sentence, each word of which that the glossary has is a Term where it comes first; <code> for numbers.
export function Words({ text }) {
	const parts = [];
	const seen = new Set();
	let at = 0;
	for (const found of text.matchAll(FINDS)) {
		if (seen.has(found[0])) continue;
		seen.add(found[0]);
		parts.push(text.slice(at, found.index));
		parts.push(<Term of={found[0]} focus={false} />);
		at = found.index + found[0].length;
	}
	parts.push(text.slice(at));
	return (
		<>
			{parts.map((part) =>
				typeof part === "string"
					? part.split(/(\b0x[0-9a-f]+\b)/).map((piece, i) => (i % 2 ? <code>{piece}</code> : piece))
					: part,
			)}
		</>
	);
}

function place(word, box) {
	const at = word.getBoundingClientRect();
	const left = Math.max(GAP, Math.min(at.left, innerWidth - box.offsetWidth - GAP));
	const below = at.bottom + GAP + box.offsetHeight <= innerHeight;
	box.style.left = `${left}px`;
	box.style.top = `${below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - box.offsetHeight)}px`;
}

export function Tips({ sysregs }) {
	const [word, setWord] = useState(null);
	const box = useRef();
	useEffect(() => {
		const show = (e) => {
			const found = e.target.closest?.("[data-tip]");
			setWord((now) => (now === found ? now : found));
		};
		const hide = (e) => {
			if (e.type !== "keydown" || e.key === "Escape") setWord(null);
		};
		const over = ["pointerover", "focusin", "click"];
		const gone = ["scroll", "keydown", "resize"];
		over.forEach((type) => document.addEventListener(type, show));
		gone.forEach((type) => window.addEventListener(type, hide, true));
		return () => {
			over.forEach((type) => document.removeEventListener(type, show));
			gone.forEach((type) => window.removeEventListener(type, hide, true));
		};
	}, []);
	const told = word && explain(word.dataset.tip, sysregs);
	useEffect(() => {
		if (told && word.isConnected) place(word, box.current);
		word?.setAttribute("aria-describedby", "tip");
		return () => word?.removeAttribute("aria-describedby");
	});
	return (
		<div class="tip" id="tip" role="tooltip" ref={box} hidden={!told}>
			{told ? (
				<>
					<b>{told.title}</b> {told.words}
				</>
			) : (
				""
			)}
		</div>
	);
}
