// The tree of processes, and what is known of one of them.

const parents = data.processes.map((p) => p.parent);
const children = data.processes.map(() => []);
const roots = [];
data.processes.forEach((p, i) =>
  (p.parent >= 0 ? children[p.parent] : roots).push(i));

// [process, depth] in the order of a tree; what is below @closed is left out.
// Not by calling itself: a trace may have thousands of generations.
function flatten(closed) {
  const out = [], stack = roots.map((i) => [i, 0]).reverse();
  while (stack.length) {
    const [i, depth] = stack.pop();
    out.push([i, depth]);
    if (!closed.has(i)) {
      for (let k = children[i].length - 1; k >= 0; k--) {
        stack.push([children[i][k], depth + 1]);
      }
    }
  }
  return out;
}

function life(p) {
  return duration(Math.max(p.last - p.first, 0));
}

function twig(i, depth, closed, fill) {
  const p = data.processes[i], cell = make('td.twig');
  cell.style.paddingLeft = Math.min(depth, 24) * 18 + 'px';
  if (children[i].length) {
    const b = make('button', closed.has(i) ? '\u25b8' : '\u25be');
    b.setAttribute('aria-label', 'children');
    b.addEventListener('click', (event) => {
      event.stopPropagation();
      if (!closed.delete(i)) {
        closed.add(i);
      }
      fill();
    });
    cell.append(b);
  } else {
    cell.append(make('span.leaf'));
  }
  cell.append(make('b', p.comm), ' ', make('span.muted', String(p.pid)));
  if (p.container) {
    cell.append(make('span.badge', p.container.slice(0, 12)));
  }
  return cell;
}

function tree() {
  const closed = new Set(), body = make('tbody'), more = make('button');
  let limit = 60;
  const fill = () => {
    const all = flatten(closed);
    body.replaceChildren(...all.slice(0, limit).map(([i, depth]) => {
      const p = data.processes[i];
      const cmd = make('td.cmd.mono.wide', p.cmd || p.exe || '');
      cmd.title = cmd.textContent;
      const tr = make('tr.pick', twig(i, depth, closed, fill), cmd,
        make('td.num.wide', p.euid < 0 ? '' : String(p.euid)),
        make('td.num', number(p.calls)),
        make('td.num.error', zero(p.errors)),
        make('td.num.wide', at(p.first)), make('td.num', life(p)),
        make('td.muted.wide', p.end || ''));
      tr.addEventListener('click', () => showProcess(p));
      return tr;
    }));
    more.hidden = all.length <= limit;
    more.textContent = 'Show ' + number(Math.min(all.length - limit, 500)) +
      ' more of ' + number(all.length);
  };
  more.addEventListener('click', () => {
    limit += 500;
    fill();
  });
  const head = make('tr', make('th', 'process'), make('th.wide', 'command'),
    make('th.num.wide', 'user'), make('th.num', 'calls'),
    make('th.num', 'failed'), make('th.num.wide', 'first call'),
    make('th.num', 'seen for'), make('th.wide', 'ended'));
  fill();
  $('processes').append(make('div.scroll', make('table', make('thead', head),
                                                body)), more);
  nothing($('processes'), 'Only those of which the trace has a record; where ' +
          'it has none of the parent, a process stands on the left.');
}

// --- One process -------------------------------------------------------------

function facts(p) {
  const dl = make('dl');
  const parent = p.parent >= 0 ? data.processes[p.parent] : null;
  const add = (name, value) => {
    if (value !== null && value !== '' && value !== undefined) {
      dl.append(make('dt', name), make('dd', value));
    }
  };
  add('command', p.cmd);
  add('program', p.exe);
  add('parent', (parent ? parent.comm + ' ' : '') + p.ppid);
  add('user', p.uid < 0 ? '' : p.uid === p.euid ? String(p.uid)
      : p.uid + ', effective ' + p.euid);
  add('container', p.container);
  add('cgroup', p.cgroup);
  add('threads seen', number(p.threads));
  add('calls', number(p.calls) + (p.errors ? ', ' + number(p.errors) +
      ' failed' : ''));
  add('signals handled', zero(p.signals));
  add('time in calls', duration(p.ns));
  add('first call', at(p.first) + ', seen for ' + life(p));
  add('ended', p.end);
  add('key', p.key);
  return dl;
}

function showProcess(p) {
  const d = $('detail'), close = make('button', 'Close');
  close.addEventListener('click', () => d.close());
  d.replaceChildren(make('div.head', make('h2', p.comm + ' ' + p.pid), close),
                    facts(p), make('h3', 'Calls'));
  const max = p.top.length ? p.top[0][1] : 1;
  table(d, p.top, [
    {name: 'call', value: (t) => data.calls[t[0]][0], cell: (t) =>
      make('span', make('span.dot.k' + data.calls[t[0]][1]),
           data.calls[t[0]][0])},
    {name: 'calls', value: (t) => t[1], share: true, cell: (t) =>
      cellShare(t[1], max, number(t[1]))},
    {name: 'failed', value: (t) => t[2], num: true, cell: (t) =>
      make('span.error', zero(t[2]))},
    {name: 'time in calls', value: (t) => t[3], num: true, cell: (t) =>
      duration(t[3])},
  ]);
  if (p.kinds > p.top.length) {
    nothing(d, 'And ' + plural(p.kinds - p.top.length, 'other') + '.');
  }
  const hits = data.hits.filter((h) => h.key === p.key);
  if (hits.length) {
    d.append(make('h3', 'Findings'));
    hits.forEach((h) => d.append(finding([h])));
  }
  d.showModal();
  d.scrollTop = 0;
}

$('detail').addEventListener('click', (event) => {
  if (event.target === $('detail')) {
    $('detail').close();
  }
});

tree();
