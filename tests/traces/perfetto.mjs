// Does Perfetto read what firn exports in the Trace Event Format?  node perfetto.mjs FOLDER JSON CSV: its trace processor, which is
// WebAssembly in FOLDER, gets JSON, and is asked by SQL for what CSV says, `firn report`'s of the same recording. Prints one line for
// each thing that is wrong and exits with 1.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { runInThisContext } from "node:vm";

const [folder, json, csv] = process.argv.slice(2);

// Perfetto's script is one for a worker of a page: it reads the WebAssembly with XMLHttpRequest, and gets a port by message.
async function start() {
	class XMLHttpRequest { open() {} send() {} response = Uint8Array.from(readFileSync(`${folder}/trace_processor.wasm`)).buffer; }
	Object.assign(globalThis, { self: globalThis, WorkerGlobalScope: Object, location: pathToFileURL(folder), XMLHttpRequest });
	runInThisContext(readFileSync(`${folder}/engine_bundle.node.js`, "utf8").replace("= hasMemory64Support()", "= false"));
	const { EngineBase } = await import(pathToFileURL(`${folder}/engine.mjs`));
	const { port1, port2 } = new MessageChannel();
	const engine = new (class extends EngineBase {
		mode = "WASM";
		id = "firn";
		rpcSendRequestBytes(bytes) { port2.postMessage(bytes); }
	})();
	port2.onmessage = (m) => engine.onRpcResponseBytes(m.data);
	self.onmessage({ data: port1 });
	await engine.parse(readFileSync(json));
	await engine.notifyEof();
	return engine;
}

const engine = await start();
async function ask(sql) { // gives lines
	const answer = await engine.query(sql), lines = [];
	for (const it = answer.iter({}); it.valid(); it.next()) lines.push(answer.columns().map((c) => it.get(c)).join(" "));
	return lines;
}

let failed = false;
function same(what, got, wanted) {
	const at = wanted.findIndex((line, i) => line !== got[i]);
	if (at < 0 && got.length === wanted.length) return;
	failed = true;
	console.log(`wrong: ${what}: ${got.length} for ${wanted.length}: ${got[at < 0 ? wanted.length : at]} for ${wanted[at]}`);
}

const [head, ...rows] = readFileSync(csv, "utf8").trimEnd().split("\n").map((line) => line.split(","));
const steps = rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]])));
await ask(`create table s as select slice.id as id, ts, ts + dur as until, slice.name as name, thread.name as level,
	process.name as vcpu, extract_arg(slice.arg_set_id, 'args.number') as number, extract_arg(slice.arg_set_id, 'args.l0_cost') as cost
	from slice join thread_track on track_id = thread_track.id join thread using (utid) join process using (upid)`);
await ask(`create table arrow as select a.level as source, b.level as target, b.number as number,
	a.vcpu = b.vcpu and a.until = b.ts as fits from flow join s a on slice_out = a.id join s b on slice_in = b.id`);
const count = async (what) => Number((await ask(`select count(*) from ${what}`))[0]);

same("what it complains of", await ask("select name, value from stats where value > 0 and (severity in ('error', 'data_loss') or name like 'flow%')"), []);
same("the traps", await ask("select number, ts, vcpu, name, cost from s where level = 'L0' order by number"),
	steps.map((s) => `${s.number} ${s.time_ns} VM ${s.vm} vCPU ${s.vcpu} ${s.reason} ${s.l0_cost}`));
const traps = await ask("select number, source from arrow where target = 'L0' and fits order by number");
same("whom a trap's arrow comes from", traps, traps.map((t) => `${t.split(" ")[0]} ${steps[t.split(" ")[0]].from}`));
same("levels that ran and trapped", [traps.length], [await count("s where level != 'L0' and name = level")]);
same("arrows in all", [await count("flow")], [traps.length + await count("arrow where source = 'L0' and target != 'L0' and fits")]);
same("slices one in another", [await count("slice where depth > 0")], [0]);
// What the vCPU of a trap went on to on the same CPU has an arrow; a WFI may have ended on another one.
const alone = await ask(`select a.number from s a join s b on a.vcpu = b.vcpu and a.until = b.ts
	where a.level = 'L0' and b.level != 'L0' and b.id not in (select slice_in from flow)`);
same("what has no arrow from L0", alone.filter((n) => steps[n].to_vcpu === steps[n].vcpu && steps[n].reason !== "WFX"), []);
if (traps.length < steps.length * 0.9) same("traps with an arrow", [traps.length], [steps.length]);
process.exit(failed ? 1 : 0);
