// A department that answers 一站 from Node. It stores before it acknowledges, and sends until it is confirmed.
import amqp from 'amqplib';
import { handle } from './handle.mjs';
import { answers, CONTENT_TYPE, heartbeat, NotThere, readAsk, Unreadable } from './messages.mjs';
import { Store } from './store.mjs';

const { DEPARTMENT, ADAPTER_AMQP_URL, ADAPTER_STORE, ADAPTER_MAILBOX = 'inbox' } = process.env;
const INBOX = `dept.${DEPARTMENT}.${ADAPTER_MAILBOX}`, OUTLET = `dept.${DEPARTMENT}.${ADAPTER_MAILBOX === 'sandbox' ? 'trial' : 'out'}`;
const PREFETCH = 20, BEAT_MS = 30_000, HOLD_MS = 5_000, TICK_MS = 200, PAUSE_MS = 1_000;

const store = new Store(ADAPTER_STORE);

async function take(channel, message) {
  if (message === null) return channel.connection.close();          // the broker ended our consumer
  let ask;
  try {
    ask = await readAsk(message, DEPARTMENT);
  } catch (error) {
    if (error instanceof Unreadable) return channel.reject(message, false);   // the centre parks it, whole
    if (!(error instanceof NotThere)) throw error;
    return void setTimeout(() => quietly(() => channel.nack(message, false, true)), HOLD_MS);
  }
  const key = `${ask.source}|${ask.id}`;
  if (!store.asks.has(key)) store.keep(key, ask, answers(ask, DEPARTMENT, [['received', {}], ...handle(ask)]));
  else if (!message.fields.redelivered) store.repeat(key);
  channel.ack(message);                                             // stored here, and nothing else
}

// Everything the centre has not confirmed, in order; who is not confirmed is sent again after a restart.
async function post(channel) {
  for (const id of [...store.waiting]) {
    const { answer } = store.answers.get(id);
    await publish(channel, 'reply', answer);
    store.sent(id);
  }
}

function publish(channel, key, event) {
  const options = {
    contentType: CONTENT_TYPE, contentEncoding: 'utf-8', persistent: true, mandatory: key === 'reply',
    messageId: event.id, type: event.type,
  };
  return new Promise((done, failed) => {
    const settled = (no) => (no || channel.unroutable.delete(event.id) ? failed(no) : done());
    channel.publish(OUTLET, key, Buffer.from(JSON.stringify(event)), options, settled);
  });
}

async function serve() {
  const connection = await amqp.connect(ADAPTER_AMQP_URL, { heartbeat: 20, timeout: 10_000 });
  let lost = false;
  connection.on('error', () => {}).on('close', () => { lost = true; });
  const inbox = await connection.createChannel(), outlet = await connection.createConfirmChannel();
  for (const channel of [inbox, outlet]) channel.on('error', () => {}).on('close', () => { lost = true; });
  outlet.unroutable = new Set();                                    // returned first, and confirmed all the same
  outlet.on('return', (message) => outlet.unroutable.add(message.properties.messageId));
  await inbox.prefetch(PREFETCH);
  await inbox.consume(INBOX, (message) => take(inbox, message).catch(() => connection.close()));
  for (let nextBeat = 0; !lost; await sleep(TICK_MS)) {
    await orLost(post(outlet), () => lost);
    if (Date.now() >= nextBeat) {
      publish(outlet, 'beat', heartbeat(DEPARTMENT, store.waiting.size)).catch(() => {});
      nextBeat = Date.now() + BEAT_MS;
    }
  }
}

// A confirm that never comes, because the line is cut, must not hold us for ever.
async function orLost(work, lost) {
  let done = false;
  work.catch(() => {}).finally(() => { done = true; });
  while (!done && !lost()) await sleep(5);
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const quietly = (what) => { try { what(); } catch { /* the channel is gone; the broker has the message */ } };

process.on('SIGTERM', () => process.exit(0));                       // what is not confirmed waits in the store
for (;;) {
  await serve().catch((error) => console.error(`link lost: ${error.message}`));
  await sleep(PAUSE_MS);
}
