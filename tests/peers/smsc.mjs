// A short message centre for the tests (SMPP 3.4).
//
//   node smsc.mjs --out sms.jsonl [--port 0] [--system-id kabinet] [--password secret]
//
// It prints the port it took. A bind with a wrong password is refused. Each message goes to the file as one JSON
// line when its last part has come: {event: "sms", to, from, text, parts, coding, receipt, at}. Parts are joined by
// their user data header. A delivery receipt follows each part that asked for one.
//
// The last four digits of a number say what happens to it:
//   0100  throttled twice (ESME_RTHROTTLED), then taken      0101  refused for good (ESME_RINVDSTADR)
//   0102  the connection is cut, once, before an answer      0103  taken, but the receipt says UNDELIV
//   0104  throttled always
import { createRequire } from "node:module";
import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";

const require = createRequire(`${process.env.KABINET_TEST_PEERS}/package.json`);
const smpp = require("smpp");

const { values: options } = parseArgs({
  options: {
    out: { type: "string" },
    port: { type: "string", default: "0" },
    "system-id": { type: "string", default: "kabinet" },
    password: { type: "string", default: "secret" },
  },
});

const asked = new Map();
const partly = new Map();
let messages = 0;

const journal = (line) => appendFileSync(options.out, `${JSON.stringify({ ...line, at: Date.now() / 1000 })}\n`);

function times(number) {
  asked.set(number, (asked.get(number) ?? 0) + 1);
  return asked.get(number);
}

function verdict(number) {
  const kind = number.slice(-4);
  const nth = times(number);
  if (kind === "0100" && nth <= 2) return "throttle";
  if (kind === "0101") return "refuse";
  if (kind === "0102" && nth === 1) return "cut";
  if (kind === "0104") return "throttle";
  return "take";
}

/// The text of one part, and where it belongs, when it is a part.
function read(pdu) {
  const { udh, message } = pdu.short_message ?? {};
  const payload = pdu.message_payload;
  const body = message ?? payload?.message ?? payload ?? "";
  const text = Buffer.isBuffer(body) ? decode(body, pdu.data_coding) : String(body);
  const header = (udh ?? []).map((element) => Buffer.from(element));
  const piece = header.find((element) => element[0] === 0x00 || element[0] === 0x08);
  if (!piece) {
    if (pdu.sar_total_segments > 1) {
      return { text, reference: pdu.sar_msg_ref_num, total: pdu.sar_total_segments, number: pdu.sar_segment_seqnum };
    }
    return { text, total: 1, number: 1, reference: null };
  }
  const data = [...piece.subarray(2)];
  const [total, number] = data.slice(-2);
  return { text, reference: data.slice(0, -2).join("."), total, number };
}

function decode(buffer, coding) {
  if (coding === 0x08) return Buffer.from(buffer).swap16().toString("utf16le");
  return buffer.toString("latin1");
}

function take(pdu) {
  const part = read(pdu);
  if (part.total === 1) return finish(pdu, [part.text]);
  const key = `${pdu.source_addr} ${pdu.destination_addr} ${part.reference} ${part.total}`;
  const parts = partly.get(key) ?? [];
  parts[part.number - 1] = part.text;
  partly.set(key, parts);
  if (parts.filter((text) => text !== undefined).length < part.total) return;
  partly.delete(key);
  finish(pdu, parts);
}

function finish(pdu, parts) {
  journal({
    event: "sms",
    to: pdu.destination_addr,
    from: pdu.source_addr,
    text: parts.join(""),
    parts: parts.length,
    coding: pdu.data_coding,
    receipt: (pdu.registered_delivery & 1) === 1,
    esm_class: pdu.esm_class,
  });
}

function stamp() {
  return new Date().toISOString().replace(/[-T:]/g, "").slice(2, 12);
}

function receipt(session, pdu, id) {
  const failed = pdu.destination_addr.endsWith("0103");
  const state = failed ? "UNDELIV" : "DELIVRD";
  const text =
    `id:${id} sub:001 dlvrd:${failed ? "000" : "001"} submit date:${stamp()} done date:${stamp()} ` +
    `stat:${state} err:${failed ? "001" : "000"} text:`;
  session.deliver_sm(
    {
      source_addr: pdu.destination_addr,
      destination_addr: pdu.source_addr,
      esm_class: 0x04,
      short_message: text,
      receipted_message_id: id,
      message_state: failed ? 5 : 2,
    },
    (answer) => journal({ event: "receipt", id, to: pdu.destination_addr, state, status: answer.command_status }),
  );
}

function submit(session, pdu) {
  const number = pdu.destination_addr;
  const what = verdict(number);
  journal({ event: "attempt", to: number, verdict: what });
  if (what === "cut") return session.destroy();
  if (what === "throttle") return session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
  if (what === "refuse") return session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
  messages += 1;
  const id = `${process.pid}-${messages}`;
  take(pdu);
  session.send(pdu.response({ message_id: id }));
  if (pdu.registered_delivery & 1) setTimeout(() => receipt(session, pdu, id), 100);
}

const server = smpp.createServer({}, (session) => {
  let bound = false;
  session.on("error", () => session.destroy());
  session.on("pdu", (pdu) => {
    if (pdu.command.startsWith("bind_") && !pdu.command.endsWith("_resp")) {
      bound = pdu.system_id === options["system-id"] && pdu.password === options.password;
      journal({ event: "bind", system_id: pdu.system_id, kind: pdu.command, right: bound });
      session.send(pdu.response(bound ? { system_id: "smsc" } : { command_status: smpp.ESME_RBINDFAIL }));
      if (!bound) session.close();
    } else if (pdu.command === "submit_sm") {
      if (!bound) session.send(pdu.response({ command_status: smpp.ESME_RINVBNDSTS }));
      else submit(session, pdu);
    } else if (pdu.command === "enquire_link") {
      session.send(pdu.response());
    } else if (pdu.command === "unbind") {
      session.send(pdu.response());
      session.close();
    }
  });
});

server.on("error", (error) => {
  console.error(String(error));
  process.exit(1);
});
server.listen(Number(options.port), "127.0.0.1", () => console.log(server.address().port));
