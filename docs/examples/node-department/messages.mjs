// How an ask is read and an answer written: CloudEvents 1.0 as JSON. Codes and instants only, never a name.
import { createHash, randomUUID } from 'node:crypto';

export const CONTENT_TYPE = 'application/cloudevents+json';
const ASK = 'ask.handle_case.v1';
const LARGEST = 16 * 1024 * 1024;

export class Unreadable extends Error {}   // for the centre's parking: reject, never requeue
export class NotThere extends Error {}     // the data behind a link cannot be had now: it comes again

export async function readAsk(message, department) {
  if (message.properties.contentType !== CONTENT_TYPE) throw new Unreadable('content type');
  const event = parse(message.content);
  const named = ['specversion', 'id', 'source', 'type', 'subject'];
  if (named.some((name) => typeof event?.[name] !== 'string' || !event[name])) throw new Unreadable('no event');
  if (event.type !== ASK) throw new Unreadable(`type ${event.type}`);
  const data = event.data ?? parse(await fetched(event));
  if (data?.department !== department || typeof data.delivery_id !== 'string') throw new Unreadable('data');
  return { ...event, data };
}

export function answers(ask, department, said) {
  return said.map(([kind, detail], n) => ({
    specversion: '1.0',
    id: randomUUID(),
    source: `/dept/${department}`,
    type: `answer.${kind}.v1`,
    subject: `delivery/${ask.data.delivery_id}`,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    dataschema: `urn:yizhan:schema:answer.${kind}:1.0`,
    sequence: `${String(n + 1).padStart(10, '0')}.00`,   // numbered per delivery, without a hole
    last: true,
    causationid: ask.id,                                 // an answer that names no ask is refused
    ...(ask.correlationid && { correlationid: ask.correlationid }),
    ...(ask.regioncode && { regioncode: ask.regioncode }),
    data: { delivery_id: ask.data.delivery_id, ...detail },
  }));
}

export function heartbeat(department, inFlight) {
  const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, '0');
  return {
    specversion: '1.0', id: randomUUID(), source: `/dept/${department}`, type: 'adapter.heartbeat.v1',
    subject: `adapter/${department}`, time: new Date().toISOString(), datacontenttype: 'application/json',
    dataschema: 'urn:yizhan:schema:adapter.heartbeat:1.0', sequence: `${seconds}.00`, last: true,
    data: { department, version: '0.1.0', in_flight: inFlight, oldest_s: 0 },
  };
}

async function fetched(event) {
  if (!/^https?:\/\//.test(event.dataref ?? '')) throw new Unreadable('no data');
  const reply = await fetch(event.dataref, { signal: AbortSignal.timeout(10_000) }).catch(() => null);
  if (!reply?.ok) throw new NotThere(`dataref ${reply?.status}`);
  const bytes = Buffer.from(await reply.arrayBuffer());
  const right = createHash('sha256').update(bytes).digest('hex') === event.datasha256;
  if (!right || bytes.length > LARGEST) throw new Unreadable('other bytes than were meant');
  return bytes;
}

function parse(bytes) {
  try { return JSON.parse(bytes.toString('utf8')); } catch { throw new Unreadable('not JSON'); }
}
