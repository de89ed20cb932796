// The time line: of all calls by kind, and one for each process.

const COLORS = data.classes.map((_, i) => '--c' + i);

// A canvas that is sharp, and drawn again when that is needed.
function drawing(height, draw) {
  const canvas = make('canvas');
  canvas.style.height = height + 'px';
  const redraw = () => {
    const width = canvas.clientWidth, scale = devicePixelRatio || 1;
    if (!width) {
      return;
    }
    canvas.width = width * scale;
    canvas.height = height * scale;
    const g = canvas.getContext('2d');
    g.scale(scale, scale);
    draw(g, width, height);
  };
  redraws.push(redraw);
  new ResizeObserver(redraw).observe(canvas);
  return canvas;
}

// Only the part of the line in which something happened is drawn.
const firstBucket = Math.floor(data.first / data.width);
const lastBucket = Math.max(Math.floor(data.last / data.width), firstBucket);
const shownBuckets = lastBucket - firstBucket + 1;

function bucketAt(event, canvas) {
  const r = canvas.getBoundingClientRect();
  const i = Math.floor((event.clientX - r.left) / r.width * shownBuckets);
  return firstBucket + Math.min(Math.max(i, 0), shownBuckets - 1);
}

const bucketTime = (i) =>
  at(Math.max(i * data.width, data.first)) + ' (' + duration(data.width) + ')';

function drawAll(g, width, height) {
  const step = width / shownBuckets;
  let max = 1;
  for (let i = firstBucket; i <= lastBucket; i++) {
    max = Math.max(max, data.lines.reduce((sum, l) => sum + l[i], 0));
  }
  const colors = COLORS.map(color);
  for (let i = firstBucket; i <= lastBucket; i++) {
    let y = height;
    data.lines.forEach((line, k) => {
      const h = line[i] / max * (height - 4);
      g.fillStyle = colors[k];
      y -= h;
      g.fillRect((i - firstBucket) * step, y,
                 Math.max(step - (step > 3 ? 1 : 0), 0.6), h);
    });
  }
}

function axis() {
  const a = make('div.axis');
  const span = data.last - data.first;
  for (let i = 0; i <= 4; i++) {
    a.append(make('span', i === 0 ? '0' : duration(span * i / 4)));
  }
  return a;
}

function legend() {
  const l = make('div.legend');
  data.classes.forEach((name, k) => {
    const n = data.lines[k].reduce((sum, x) => sum + x, 0);
    if (n) {
      l.append(make('span', make('span.dot.k' + k), name + ' ' + number(n)));
    }
  });
  return l;
}

const overview = drawing(140, drawAll);
tipOver(overview, (event) => {
  const i = bucketAt(event, overview);
  const parts = data.classes.map((name, k) => [name, data.lines[k][i]])
    .filter(([, n]) => n).map(([name, n]) => name + ' ' + number(n));
  return [bucketTime(i), ...parts,
          data.lineErrors[i] ? 'failed ' + number(data.lineErrors[i]) : '']
    .filter(Boolean).join('\n');
});
$('timeline').append(legend(), make('div.chart', make('div', 'all calls'),
  make('div', overview, axis()), make('div.num.muted',
  number(data.calls_all))));

// --- A lane for each process -------------------------------------------------

const laneMax = Math.log1p(data.processes.reduce((max, p) => {
  for (let i = 1; i < p.line.length; i += 3) {
    max = Math.max(max, p.line[i]);
  }
  return max;
}, 1));

function drawLane(p, g, width, height) {
  const step = width / shownBuckets;
  const x = (ns) => (ns / data.width - firstBucket) * step;
  const tall = (n) => Math.max(Math.log1p(n) / laneMax * (height - 3), 2);
  g.fillStyle = color('--line');
  g.fillRect(x(p.first), height - 1, Math.max(x(Math.min(p.last, data.last)) -
                                              x(p.first), 1), 1);
  const plain = color('--c0'), failed = color('--error');
  for (let i = 0; i < p.line.length; i += 3) {
    const [bucket, n, errors] = p.line.slice(i, i + 3);
    const left = (bucket - firstBucket) * step;
    const w = Math.max(step - (step > 3 ? 1 : 0), 1);
    const h = tall(n);
    g.fillStyle = plain;
    g.fillRect(left, height - 1 - h, w, h);
    if (errors) {
      const part = Math.max(h * errors / n, 1.5);
      g.fillStyle = failed;
      g.fillRect(left, height - 1 - part, w, part);
    }
  }
}

function lane(p) {
  const canvas = drawing(22, (g, w, h) => drawLane(p, g, w, h));
  tipOver(canvas, (event) => {
    const i = bucketAt(event, canvas);
    for (let k = 0; k < p.line.length; k += 3) {
      if (p.line[k] === i) {
        return bucketTime(i) + '\n' + plural(p.line[k + 1], 'call') +
          (p.line[k + 2] ? ', ' + number(p.line[k + 2]) + ' failed' : '');
      }
    }
    return bucketTime(i);
  });
  const name = make('div.name', make('b', p.comm), ' ',
                    make('span.muted', String(p.pid)));
  name.title = p.cmd || p.exe || p.comm;
  const row = make('div.lane.pick', name, canvas,
                   make('div.num', number(p.calls)));
  row.addEventListener('click', () => showProcess(p));
  return row;
}

const matches = (p, text) => [p.comm, p.cmd, p.exe, String(p.pid), p.container]
  .some((s) => s && s.toLowerCase().includes(text));

const LANE_ORDERS = {
  'most calls': (a, b) => b.calls - a.calls,
  'first call': (a, b) => a.first - b.first,
  'most errors': (a, b) => b.errors - a.errors,
  'time in calls': (a, b) => b.ns - a.ns,
};

function lanes() {
  const order = make('select'), find = make('input'), more = make('button');
  const list = make('div'), count = make('span');
  const fixed = redraws.length;     // those behind are of lanes
  let limit = 25;

  for (const name of Object.keys(LANE_ORDERS)) {
    order.append(make('option', name));
  }
  find.placeholder = 'name, command, pid';
  find.type = 'search';
  const fill = () => {
    const text = find.value.trim().toLowerCase();
    const found = data.processes.filter((p) => matches(p, text))
      .sort(LANE_ORDERS[order.value]);
    redraws.length = fixed;
    list.replaceChildren(...found.slice(0, limit).map(lane));
    count.textContent = number(found.length) + ' of ' +
      plural(data.processes.length, 'process', 'processes');
    more.hidden = found.length <= limit;
    more.textContent = 'Show ' + number(Math.min(found.length - limit, 200)) +
      ' more';
  };
  order.addEventListener('change', fill);
  find.addEventListener('input', fill);
  more.addEventListener('click', () => {
    limit += 200;
    fill();
  });
  fill();
  const errors = make('span', make('span.dot.kerror'), 'failed');
  $('timeline').append(make('div.lanes', make('div.tools', find, order, count,
    make('span.grow'), errors, make('span', make('span.dot.k0'),
    'calls, log scale')), list, more));
}

lanes();
