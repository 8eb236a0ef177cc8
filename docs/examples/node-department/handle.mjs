// What this department does with a case. A real one would ask its own system here, and answer later.
const OURS = new Set(['neighbour', 'forest_land', 'environment']);

export function handle(ask) {
  if (!OURS.has(ask.data.category)) return [['returned', { reason: 'not_competent' }]];
  const now = new Date().toISOString();
  return [
    ['accepted', { accepted_at: now }],
    ['progressed', { step: 'site_visited' }],
    ['concluded', { outcome: 'mediated_written', concluded_at: now }],
  ];
}
