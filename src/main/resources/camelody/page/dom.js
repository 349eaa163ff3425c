/** The element of a selector that the page surely has. */
export const $ = (selector) => document.querySelector(selector);

/**
 * A new element. Children that are texts become text nodes: what vendors and callers write never becomes markup.
 * Children that are null or false are left out; a property whose value is false, null or undefined too.
 */
export function h(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') {
      node.addEventListener(name, value);
    } else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Tells those who listen to the page, not more than one thing in a second: the last one counts. */
export const say = (() => {
  let timer = 0;
  return (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => { $('#say').textContent = text; }, 1000);
  };
})();

/** Calls `work` now, or when `pause` milliseconds have passed since the last call, and then once for all of them. */
export function calmly(pause, work) {
  let last = -Infinity;
  let timer = 0;
  const run = () => {
    timer = 0;
    last = performance.now();
    work();
  };
  return () => {
    if (!timer) {
      timer = setTimeout(run, Math.max(0, last + pause - performance.now()));
    }
  };
}
