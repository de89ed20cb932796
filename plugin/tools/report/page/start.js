// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (c) 2026 The Frail developers
//
// What all of the page uses.  Whatever the trace says gets into the page as
// text, by textContent; nothing is ever made of it by innerHTML.
'use strict';

// Of data.c.  Times are nanoseconds from the beginning of bucket 0.
//   calls      [name, class, calls, errors, ns, max, median, 99 %,
//               [[errno, count]...]]
//   files      [path, uses, opens, reads, writes, execs, errors, in, out,
//               [program...]]
//   addresses  [text, kind, uses, connects, binds, accepts, errors, in, out,
//               [program...]]
//   slow       [time, ns, who, what]
//   processes  objects; their line: bucket, calls, errors, bucket...; top:
//              [index in calls, calls, errors, ns]
const data = JSON.parse(document.getElementById('data').textContent);

const $ = (id) => document.getElementById(id);

// make('td.num', 'text', other element...)
function make(what, ...children) {
  const [tag, ...classes] = what.split('.');
  const e = document.createElement(tag);
  if (classes.length) {
    e.className = classes.join(' ');
  }
  for (const c of children) {
    if (c !== null && c !== undefined) {
      e.append(c);
    }
  }
  return e;
}

const number = (n) => n.toLocaleString('en-US');

function scaled(n, units, step) {
  let i = 0;
  while (n >= step && i < units.length - 1) {
    n /= step;
    i++;
  }
  const digits = i === 0 && step !== 1000 ? 0 : n < 10 ? 2 : n < 100 ? 1 : 0;
  return n.toFixed(digits) + '\u2009' + units[i];
}

const bytes = (n) => n ? scaled(n, ['B', 'KiB', 'MiB', 'GiB', 'TiB'], 1024)
                       : '';

function duration(ns) {
  if (!ns) {
    return '0';
  }
  if (ns < 1e10) {
    return scaled(ns, ['ns', '\u00b5s', 'ms', 's'], 1000);
  }
  const s = ns / 1e9;
  if (s < 120) {
    return s.toFixed(1) + '\u2009s';
  }
  const m = Math.round(s / 60);
  return m < 120 ? m + '\u2009min'
                 : Math.floor(m / 60) + '\u2009h ' + m % 60 + '\u2009min';
}

// From the first call on.
const at = (ns) => '+' + ((ns - data.first) / 1e9).toFixed(3) + '\u2009s';

const percent = (part, all) => all && part
  ? (part / all < 0.001 ? '<0.1' : (100 * part / all).toFixed(1)) + '\u2009%'
  : '';

const zero = (n) => n ? number(n) : '';

// --- A line over the pointer -------------------------------------------------

function tip(event, text) {
  const t = $('tip');
  t.textContent = text;
  t.hidden = !text;
  if (text) {
    const x = Math.min(event.clientX + 14, innerWidth - t.offsetWidth - 8);
    const y = event.clientY + 18 + t.offsetHeight > innerHeight
      ? event.clientY - t.offsetHeight - 10 : event.clientY + 18;
    t.style.left = Math.max(x, 4) + 'px';
    t.style.top = y + 'px';
  }
}

// text(event) makes the line, for as long as the pointer is over @e.
function tipOver(e, text) {
  e.addEventListener('mousemove', (event) => tip(event, text(event)));
  e.addEventListener('mouseleave', (event) => tip(event, ''));
}

// --- Light and dark ----------------------------------------------------------

const redraws = [];     // of what is drawn by hand

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name);
}

function setTheme(dark) {
  document.documentElement.classList.toggle('dark', dark);
  redraws.forEach((f) => f());
}

const prefersDark = matchMedia('(prefers-color-scheme: dark)');
prefersDark.addEventListener('change', (e) => setTheme(e.matches));
$('theme').addEventListener('click', () =>
  setTheme(!document.documentElement.classList.contains('dark')));
document.documentElement.classList.toggle('dark', prefersDark.matches);

// --- The top -----------------------------------------------------------------

const plural = (n, one, many) => number(n) + ' ' +
  (n === 1 ? one : many || one + 's');

$('title').textContent = data.title;
$('subtitle').textContent = data.begin + ' to ' + data.end + ' UTC, ' +
  duration(data.last - data.first);

function card(where, value, what, bad) {
  const c = make(where ? 'a.card' : 'div.card', make('b', value),
                 make('span', what));
  if (where) {
    c.href = '#' + where;
  }
  c.classList.toggle('bad', Boolean(bad));
  $('cards').append(c);
}

card('calls', number(data.calls_all), 'system calls');
card('calls', percent(data.errors_all, data.calls_all) || '0',
     number(data.errors_all) + ' failed');
card('processes', number(data.processes.length), 'processes');
card('files', number(data.filesAll), 'files touched');
card('addresses', number(data.addressesAll), 'addresses');
card('findings', number(data.hits.length), 'findings',
     data.hits.some((h) => h.level === 2));
if (data.lost) {
  card('', number(data.lost), 'lines lost', true);
}

function notice(text) {
  $('notices').append(make('p.notice', text));
}

if (data.lost) {
  notice(plural(data.lost, 'record') + ' of the trace ' +
    (data.lost === 1 ? 'is' : 'are') + ' missing: the program that took them ' +
    'was too slow, or away. What is shown here is not all that happened.');
}
if (data.bad) {
  notice(plural(data.bad, 'line') + ' of the input could not be read.');
}
if (data.unknown) {
  notice('Of ' + plural(data.unknown, 'call') + ' the caller is not known; ' +
    'they are counted, and stand in no process.');
}

const left = Object.entries(data.forgotten).filter(([, n]) => n)
  .map(([what, n]) => number(n) + ' ' + what);
$('footer').textContent = 'Made by frail-report. ' +
  (left.length ? 'To stay small it has forgotten those with the fewest ' +
   'calls, more than once perhaps: ' + left.join(', ') + '. ' : '') +
  'The time line has steps of ' + duration(data.width) +
  '. Time in calls includes waiting.';
