// The few sentences that scripts say themselves, in the language of the page.
export const english = document.documentElement.lang.startsWith("en");

const WORDS = {
  now: ["刚刚", "just now"],
  soon: ["马上", "in a moment"],
  after: ["{}后", "in {}"],
  before: ["{}前", "{} ago"],
  yesterday: ["昨天", "yesterday"],
  today: ["今天", "today"],
  tomorrow: ["明天", "tomorrow"],
  left: ["还有 {}", "{} left"],
  over: ["已超时 {}", "{} overdue"],
  day: ["天", "d"],
  hour: ["小时", "h"],
  minute: ["分钟", "min"],
  minuteShort: ["分", "min"],
  unsent: ["没有发出去：连不上服务器。填的都还在，连上后再提交。", "Not sent: the server cannot be reached. What you typed is still here; submit again once connected."],
  refused: ["没有办成（{}）。填的都还在；请再试一次，仍不行请告诉管理员。", "Not done ({}). What you typed is still here; try again, and tell the administrator if it fails again."],
  copied: ["已复制", "Copied"],
  table: ["数据表", "Data table"],
  point: ["时点", "Point"],
};

export function say(key, part = "") {
  return WORDS[key][english ? 1 : 0].replace("{}", part);
}
