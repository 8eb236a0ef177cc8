// What this department remembers: one file of lines, each flushed to the disk before anything is promised.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

export class Store {
  constructor(path) {
    this.asks = new Map();      // "source|id" -> ask
    this.answers = new Map();   // answer id -> { body, ask }
    this.waiting = new Set();   // answer ids that the centre's broker has not confirmed
    for (const line of read(path)) this.#apply(line);
    this.file = openSync(path, 'a');
  }

  // An ask, with the answers it gets at once, in one write: all of it on disk, or nothing.
  keep(key, ask, answers) {
    this.#write({ key, ask, answers });
  }

  // The centre itself sent the ask again, so it has not heard us: the same answers under the same ids.
  repeat(key) {
    this.#write({ repeat: key });
  }

  sent(id) {
    this.#write({ sent: id });
  }

  close() {
    closeSync(this.file);
  }

  #write(line) {
    writeSync(this.file, `\n${JSON.stringify(line)}`);   // a torn last line ends where the next begins
    fsyncSync(this.file);
    this.#apply(line);
  }

  #apply({ key, ask, answers = [], repeat, sent }) {
    if (key) this.asks.set(key, ask);
    for (const answer of answers) this.answers.set(answer.id, { answer, key });
    for (const answer of answers) this.waiting.add(answer.id);
    if (repeat) for (const [id, held] of this.answers) if (held.key === repeat) this.waiting.add(id);
    if (sent) this.waiting.delete(sent);
  }
}

function* read(path) {
  if (!existsSync(path)) return;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    try { if (line) yield JSON.parse(line); } catch { /* torn by a power cut: it was never acknowledged */ }
  }
}
