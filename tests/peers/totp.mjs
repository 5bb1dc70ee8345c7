// What an application for one-time codes does (RFC 6238: SHA-1, 6 digits, 30 seconds), and what people copy from the pages.
import { createHmac } from "node:crypto";
import assert from "node:assert/strict";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const STEP_SECONDS = 30;

/// The secret as it stands on the page: groups of four.
export function secretIn(text) {
  const found = /(?:\b[A-Z2-7]{4}\s){7}[A-Z2-7]{4}\b/.exec(text);
  assert(found, `no secret on:\n${text}`);
  return found[0].replace(/\s/g, "");
}

/// The backup codes as they stand on the page.
export const paperIn = (text) => text.match(/\b[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{2}\b/g) ?? [];

/// The code that is shown so many steps from now.
export function codeOf(secret, steps = 0) {
  const bits = [...secret].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / STEP_SECONDS) + steps));
  const hash = createHmac("sha1", key).update(counter).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}
