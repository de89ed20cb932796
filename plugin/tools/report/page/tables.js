// Tables that can be sorted and searched: calls, files, addresses; findings.

// columns: {name, value(row), cell(row)} and how it is set: num, wide, text,
// share, keep.  value is what it is sorted by, numbers the largest first.
function table(where, rows, columns, options) {
  const {first = 25, order = 1, search, extra} = options || {};
  const find = make('input'), more = make('button'), count = make('span');
  const body = make('tbody'), head = make('tr');
  let limit = first, by = order, reverse = false;

  const fill = () => {
    const text = find.value.trim().toLowerCase();
    const column = columns[by];
    const found = rows.filter((r) => !search || !text ||
      search(r).toLowerCase().includes(text));
    found.sort((a, b) => {
      const x = column.value(a), y = column.value(b);
      const way = typeof x === 'number' ? y - x : x < y ? -1 : x > y ? 1 : 0;
      return reverse ? -way : way;
    });
    body.replaceChildren(...found.slice(0, limit).map((r) => {
      const tr = make('tr', ...columns.map((c) => {
        const td = make('td', c.cell ? c.cell(r, found) : String(c.value(r)));
        td.className = ['num', 'wide', 'text', 'share', 'keep']
          .filter((how) => c[how]).join(' ');
        return td;
      }));
      return tr;
    }));
    [...head.children].forEach((th, i) => {
      th.textContent = columns[i].name +
        (i === by ? (reverse ? ' \u25b4' : ' \u25be') : '');
    });
    count.textContent = number(found.length) + (found.length === rows.length
      ? '' : ' of ' + number(rows.length));
    more.hidden = found.length <= limit;
    more.textContent = 'Show ' + number(Math.min(found.length - limit, 500)) +
      ' more';
  };
  columns.forEach((c, i) => {
    const th = make('th.sorts');
    th.className += (c.num ? ' num' : '') + (c.wide ? ' wide' : '');
    th.addEventListener('click', () => {
      reverse = by === i && !reverse;
      by = i;
      fill();
    });
    head.append(th);
  });
  find.placeholder = 'search';
  find.type = 'search';
  find.addEventListener('input', fill);
  more.addEventListener('click', () => {
    limit += 500;
    fill();
  });
  fill();
  where.append(make('div.tools', search ? find : null, search ? count : null,
                    extra), make('div.scroll', make('table',
                    make('thead', head), body)), more);
  return (column) => {
    by = column;
    reverse = false;
    fill();
  };
}

const nothing = (where, text) => where.append(make('p.muted', text));

// --- Calls -------------------------------------------------------------------

function share(value, all, text) {
  const bar = make('i');
  bar.style.width = (all ? 100 * value / all : 0) + '%';
  return [bar, make('span', text)];
}

function cellShare(value, max, text) {
  const f = document.createDocumentFragment();
  f.append(...share(value, max, text));
  return f;
}

function errnos(list) {
  const sorted = [...list].sort((a, b) => b[1] - a[1]);
  return sorted.slice(0, 2).map(([name, n]) => name + ' ' + number(n))
    .join(', ') + (sorted.length > 2 ? ', \u2026' : '');
}

const maxCalls = Math.max(1, ...data.calls.map((c) => c[2]));
table($('calls'), data.calls, [
  {name: 'call', value: (c) => c[0], cell: (c) => {
    const s = make('span', make('span.dot.k' + c[1]), c[0]);
    s.title = data.classes[c[1]];
    return s;
  }},
  {name: 'calls', value: (c) => c[2], share: true, cell: (c) =>
    cellShare(c[2], maxCalls, number(c[2]))},
  {name: 'share', value: (c) => c[2], num: true, wide: true,
   cell: (c) => percent(c[2], data.calls_all)},
  {name: 'failed', value: (c) => c[3], num: true, cell: (c) =>
    make('span.error', zero(c[3]))},
  {name: 'with', value: (c) => c[3], wide: true, cell: (c) =>
    make('span.muted', errnos(c[8]))},
  {name: 'time in calls', value: (c) => c[4], num: true, cell: (c) =>
    duration(c[4])},
  {name: 'median', value: (c) => c[6], num: true, wide: true, cell: (c) =>
    '\u2248' + duration(c[6])},
  {name: '99 %', value: (c) => c[7], num: true, wide: true, cell: (c) =>
    '\u2248' + duration(c[7])},
  {name: 'longest', value: (c) => c[5], num: true, wide: true, cell: (c) =>
    duration(c[5])},
], {search: (c) => c[0] + ' ' + data.classes[c[1]], first: 20});

// --- Files and addresses -----------------------------------------------------

const who = (list) => make('span.muted', list.join(', '));

if (data.files.length) {
  table($('files'), data.files, [
    {name: 'path', value: (f) => f[0], text: true, cell: (f) =>
      make('span.mono', f[0])},
    {name: 'uses', value: (f) => f[1], num: true, cell: (f) => number(f[1])},
    {name: 'opened', value: (f) => f[2], num: true, wide: true,
     cell: (f) => zero(f[2])},
    {name: 'read', value: (f) => f[7], num: true, cell: (f) => bytes(f[7])},
    {name: 'written', value: (f) => f[8], num: true, cell: (f) => bytes(f[8])},
    {name: 'run', value: (f) => f[5], num: true, wide: true,
     cell: (f) => zero(f[5])},
    {name: 'failed', value: (f) => f[6], num: true, cell: (f) =>
      make('span.error', zero(f[6]))},
    {name: 'by', value: (f) => f[9].join(), wide: true,
     cell: (f) => who(f[9])},
  ], {search: (f) => f[0] + ' ' + f[9].join(' ')});
  if (data.filesAll > data.files.length) {
    nothing($('files'), 'The ' + number(data.files.length) + ' with the most ' +
            'uses, of ' + number(data.filesAll) + '.');
  }
} else {
  nothing($('files'), 'None: no call names a file or has one open.');
}

if (data.addresses.length) {
  table($('addresses'), data.addresses, [
    {name: 'address', value: (a) => a[0], text: true, cell: (a) =>
      make('span.mono', a[0])},
    {name: 'kind', value: (a) => a[1], wide: true},
    {name: 'uses', value: (a) => a[2], num: true, cell: (a) => number(a[2])},
    {name: 'connected to', value: (a) => a[3], num: true,
     cell: (a) => zero(a[3])},
    {name: 'bound', value: (a) => a[4], num: true, cell: (a) => zero(a[4])},
    {name: 'accepted', value: (a) => a[5], num: true, wide: true,
     cell: (a) => zero(a[5])},
    {name: 'failed', value: (a) => a[6], num: true, cell: (a) =>
      make('span.error', zero(a[6]))},
    {name: 'received', value: (a) => a[7], num: true, wide: true,
     cell: (a) => bytes(a[7])},
    {name: 'sent', value: (a) => a[8], num: true, wide: true,
     cell: (a) => bytes(a[8])},
    {name: 'by', value: (a) => a[9].join(), wide: true,
     cell: (a) => who(a[9])},
  ], {search: (a) => a[0] + ' ' + a[9].join(' '), order: 2});
} else {
  nothing($('addresses'), 'None: no call names an address.');
}

if (data.slow.length) {
  table($('slow'), data.slow, [
    {name: 'took', value: (s) => s[1], num: true, cell: (s) => duration(s[1])},
    {name: 'at', value: (s) => s[0], num: true, wide: true,
     cell: (s) => at(s[0])},
    {name: 'process', value: (s) => s[2], keep: true},
    {name: 'call', value: (s) => s[3], text: true, cell: (s) =>
      make('span.mono', s[3])},
  ], {order: 0, first: 15});
  nothing($('slow'), 'Calls that wait for others (poll, futex, wait4, pipes, ' +
          'sockets...) are left out.');
} else {
  nothing($('slow'), 'None has a known duration.');
}

// --- Findings ----------------------------------------------------------------

const LEVELS = ['note', 'warning', 'alarm'];

function finding(list) {
  const h = list[0], ul = make('ul'), more = make('button');
  const item = (x) => {
    const name = make('span.who', make('b', x.comm), ' ',
                      make('span.muted', x.pid < 0 ? '' : String(x.pid)));
    const example = make('span.mono', x.example);
    example.title = x.example;
    const li = make('li', name, example, make('span.muted', x.count > 1
      ? number(x.count) + '\u00d7' : at(x.first)));
    const p = x.key && byKey.get(x.key);
    if (p) {
      name.className += ' pick';
      name.addEventListener('click', () => showProcess(p));
    }
    return li;
  };
  ul.append(...list.slice(0, 4).map(item));
  more.hidden = list.length <= 4;
  more.textContent = number(list.length - 4) + ' more';
  more.addEventListener('click', () => {
    ul.append(...list.slice(4).map(item));
    more.hidden = true;
  });
  return make('div.finding.l' + h.level, make('span.level', LEVELS[h.level]),
    make('div', make('b', h.title), ' ', make('span.muted', h.why), ul, more));
}

const byKey = new Map(data.processes.map((p) => [p.key, p]));

function findings() {
  const byRule = new Map();
  for (const h of data.hits) {
    byRule.set(h.rule, [...(byRule.get(h.rule) || []), h]);
  }
  const lists = [...byRule.values()].sort((a, b) => b[0].level - a[0].level);
  $('findings').append(...lists.map(finding));
  if (!lists.length) {
    nothing($('findings'), 'Nothing stands out.');
  } else {
    nothing($('findings'), 'Rules of thumb, to know where to look first: ' +
            'most of what they name is harmless.');
  }
}

findings();
