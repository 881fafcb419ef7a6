// Makes SErrors, which QEMU has none of:  node inject.mjs SOCKET ADDRESS MAGIC.  SOCKET is that of QEMU's stub for gdb, ADDRESS where
// L0's run_exit(vcpu, kind) is. A synchronous exit of a vCPU whose X0, the first thing in struct vcpu, is MAGIC becomes an SError.
import { connect } from "node:net";

const [socket, address, magic] = process.argv.slice(2);
const EXIT_SYNC = 0n, EXIT_SERROR = 3n;

const stub = await new Promise((done) => {
	const attempt = () => {
		const s = connect(socket, () => done(s));
		s.on("error", () => setTimeout(attempt, 50));
	};
	attempt();
});
let text = "", wake = () => {};
stub.removeAllListeners("error");
stub.on("error", () => process.exit(0));
stub.on("close", () => process.exit(0));
stub.on("data", (more) => { text += more.toString("latin1"); wake(); });

// A packet is $DATA#SUM, and each is acknowledged with +.
const send = (data) => {
	const sum = [...data].reduce((n, c) => n + c.charCodeAt(0), 0) & 255;
	stub.write(`$${data}#${sum.toString(16).padStart(2, "0")}`);
};
const answer = async () => {
	let packet;
	while (!(packet = text.match(/\$([^#]*)#../))) await new Promise((done) => { wake = done; });
	text = text.slice(packet.index + packet[0].length);
	stub.write("+");
	return packet[1];
};
const ask = (data) => { send(data); return answer(); };
const swap = (hex) => BigInt(`0x${hex.match(/../g).reverse().join("")}`);
const register = (hex, n) => swap(hex.slice(16 * n, 16 * n + 16));
const hex = (value) => value.toString(16).padStart(16, "0").match(/../g).reverse().join("");

await ask("?");
for (;;) {
	await ask(`Z0,${address},4`);
	await ask("c");
	const registers = await ask("g");
	const x0 = swap(await ask(`m${register(registers, 0).toString(16)},8`));
	if (register(registers, 1) === EXIT_SYNC && x0 === BigInt(magic)) await ask(`P1=${hex(EXIT_SERROR)}`);
	await ask(`z0,${address},4`); // to get past it
	await ask("s");
}
