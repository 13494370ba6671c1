/**
 * An expression for a page: what makes it hard to read. Text with less contrast than 4.5 to 1 (WCAG 2.2, AA), controls
 * without a name, headings that leave out a level, regions that scroll and cannot be reached by keyboard.
 */
export const faults = `(() => {
  const found = [];
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let one = element; one !== null; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if ((numbers(colour)[3] ?? 1) === 1) return colour;
    }
    return getComputedStyle(document.documentElement).backgroundColor;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let texts = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === '' || !element.checkVisibility() || element.closest('script, style, option')) continue;
    texts++;
    const [a, b] = [light(getComputedStyle(element).color), light(behind(element))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) found.push('contrast ' + contrast.toFixed(2) + ': ' + walker.currentNode.data.trim());
  }
  if (texts < 100) found.push('only ' + texts + ' texts were looked at');
  for (const control of document.querySelectorAll('select, input')) {
    if (control.labels.length === 0) found.push('no label: ' + control.outerHTML);
  }
  let level = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) found.push('level left out before ' + heading.innerText);
    level = own;
  }
  for (const element of document.querySelectorAll('body *')) {
    const scrolls = ['auto', 'scroll'].includes(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth;
    if (scrolls && element.tabIndex < 0) found.push('cannot be scrolled by keyboard: ' + element.className);
  }
  for (const region of document.querySelectorAll('[role=region]')) {
    if (!region.ariaLabel && !document.getElementById(region.getAttribute('aria-labelledby'))) found.push('region without a name');
  }
  const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
  if (new Set(ids).size !== ids.length) found.push('an id is there twice');
  if (document.documentElement.lang !== 'en' || document.title === '') found.push('no language or title');
  return found;
})()`;
