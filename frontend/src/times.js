// Keeps every spoken time on the page true while it stays open. The server says the same in shell/times.py.
import { english, say } from "./words.js";

const MINUTE = 60_000;
const DAYS = english ? ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] : ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function length(span) {
  const minutes = Math.floor(Math.abs(span) / MINUTE);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (days) return `${days} ${say("day")}` + (hours && days < 7 ? ` ${hours} ${say("hour")}` : "");
  if (hours) return `${hours} ${say("hour")}` + (rest ? ` ${rest} ${say("minuteShort")}` : "");
  return `${minutes} ${say("minute")}`;
}

// The wall clock of the desk's zone at an instant, as numbers.
function wall(at, zone) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const read = Object.fromEntries(parts.map((part) => [part.type, part.value]));
  return { year: +read.year, month: +read.month, day: +read.day, clock: `${read.hour}:${read.minute}` };
}

function date(there, here) {
  const days = Math.round((Date.UTC(there.year, there.month - 1, there.day) - Date.UTC(here.year, here.month - 1, here.day)) / 86_400_000);
  if (Math.abs(days) <= 1) return say(["yesterday", "today", "tomorrow"][days + 1]);
  const other = there.year !== here.year;
  if (english) return `${there.day} ${MONTHS[there.month - 1]}${other ? ` ${there.year}` : ""}`;
  return `${other ? `${there.year}年` : ""}${there.month}月${there.day}日`;
}

export function spoken(at, now, zone) {
  const span = at - now;
  if (Math.abs(span) < MINUTE) return say(span <= 0 ? "now" : "soon");
  if (Math.abs(span) < 60 * MINUTE) return say(span > 0 ? "after" : "before", length(span));
  const there = wall(at, zone);
  return `${date(there, wall(now, zone))} ${there.clock}`;
}

export function dayOfWeek({ year, month, day }) {
  const name = DAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  const two = (number) => String(number).padStart(2, "0");
  return english ? `${name} ${day} ${MONTHS[month - 1]}` : `${name} ${two(month)}-${two(day)}`;
}

export function remaining(at, now) {
  return say(now >= at ? "over" : "left", length(at - now));
}

export function urgency(at, now) {
  if (now >= at) return "late";
  return at - now <= 120 * MINUTE ? "soon" : "ok";
}

function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

// The server's clock counts, not the reader's: the page says when it was made.
function clock() {
  const made = Date.parse(document.documentElement.dataset.now ?? "");
  const start = performance.now();
  return () => (Number.isNaN(made) ? Date.now() : made + (performance.now() - start));
}

export function keepTimes() {
  const zone = document.documentElement.dataset.zone ?? "Asia/Shanghai";
  const read = clock();
  const speak = () => {
    const now = read();
    for (const element of document.querySelectorAll("time[data-when]")) write(element, spoken(Date.parse(element.dateTime), now, zone));
    const here = wall(now, zone);
    for (const element of document.querySelectorAll("[data-clock]")) write(element, here.clock);
    for (const element of document.querySelectorAll("[data-clock-day]")) write(element, dayOfWeek(here));
    for (const chip of document.querySelectorAll("[data-due]")) {
      const time = chip.querySelector("time");
      const at = Date.parse(time.dateTime);
      write(time, remaining(at, now));
      const state = urgency(at, now);
      for (const name of ["late", "soon", "ok"]) chip.classList.toggle(`is-${name}`, name === state);
    }
  };
  setInterval(speak, 5_000);
  document.addEventListener("htmx:afterSettle", speak);
  document.addEventListener("visibilitychange", speak);
}
