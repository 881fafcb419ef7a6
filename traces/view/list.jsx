// Which steps are there?  A list of those that the filters leave, of which only the rows in view are drawn.
import { useEffect, useLayoutEffect, useReducer, useRef } from "preact/hooks";
import { Virtualizer, elementScroll, observeElementOffset, observeElementRect } from "@tanstack/virtual-core";
import { Row } from "./row.jsx";
import { lowerBound } from "./trace.js";

const ROW = 24; // pixels, as page.css has it
const MARGIN = 3 * ROW; // what is seen in front of the current row and behind it

export function List({ trace, side, shown, now, hits, go }) {
	const box = useRef();
	const [, redraw] = useReducer((n) => n + 1, 0);
	const virtual = useRef();
	virtual.current ??= new Virtualizer({
		count: shown.length,
		estimateSize: () => ROW,
		overscan: 8,
		getScrollElement: () => box.current,
		scrollToFn: elementScroll,
		observeElementRect,
		observeElementOffset,
		onChange: redraw,
	});
	virtual.current.setOptions({ ...virtual.current.options, count: shown.length });
	useLayoutEffect(() => virtual.current._didMount(), []);
	useLayoutEffect(() => virtual.current._willUpdate());
	const follow = useRef();
	const height = useRef(0);
	// Places are known without the browser's, which would have it lay out the whole page for the question.
	follow.current = () => {
		const at = lowerBound(shown, now);
		const top = virtual.current.scrollOffset ?? 0;
		if (shown[at] !== now || !height.current) return;
		const margin = Math.max(0, Math.min(MARGIN, (height.current - ROW) / 2));
		const from = at * ROW - margin;
		const to = (at + 1) * ROW + margin;
		if (from < top) box.current.scrollTop = Math.max(0, from);
		else if (to > top + height.current) box.current.scrollTop = to - height.current;
	};
	useLayoutEffect(() => follow.current(), [now, shown]);
	useEffect(() => {
		const size = new ResizeObserver(([of]) => {
			height.current = of.contentRect.height;
			follow.current();
		});
		size.observe(box.current);
		return () => size.disconnect();
	}, []);
	return (
		<div
			class={`list ${trace.vcpus.length > 1 ? "several" : ""}`}
			ref={box}
			tabIndex={0}
			role="listbox"
			aria-label="steps"
			aria-activedescendant={`side${side}step${now}`}
		>
			<div style={{ height: `${virtual.current.getTotalSize()}px` }}>
				{virtual.current.getVirtualItems().map((item) => {
					const i = shown[item.index];
					return i === undefined ? null : (
						<Row
							key={i}
							trace={trace}
							side={side}
							i={i}
							now={now}
							hit={hits[lowerBound(hits, i)] === i}
							start={item.start}
							go={go}
						/>
					);
				})}
			</div>
			{shown.length ? "" : <p class="none">no step is left by the filters</p>}
		</div>
	);
}
