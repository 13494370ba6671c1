/**
 * The script of a page: shows the filter, which is of no use without it, and does what it says. It looks at nothing but
 * attributes that this program wrote.
 */
export const SCRIPT = `
for (const run of document.querySelectorAll('article')) {
  const form = run.querySelector('form');
  const items = [...run.querySelectorAll('[data-hosts]')];
  const tasks = items.filter((item) => item.dataset.status !== undefined);
  const show = () => {
    const host = form.elements.namedItem('host').value;
    const chosen = [...form.querySelectorAll('input')].filter((box) => box.checked).map((box) => box.value);
    for (const item of items) {
      const { hosts, status } = item.dataset;
      const here = host === '' || hosts.split(' ').includes(host);
      item.hidden = !here || (status !== undefined && !chosen.includes(status));
    }
    for (const list of run.querySelectorAll('.quiet')) list.hidden = !list.querySelector('li:not([hidden])');
    for (const play of run.querySelectorAll('.play')) play.hidden = !play.querySelector('[data-hosts]:not([hidden])');
    const shown = tasks.filter((item) => !item.hidden).length;
    form.querySelector('output').textContent = shown === tasks.length ? '' : shown + ' of ' + tasks.length + ' shown';
  };
  const fold = (open) => () => {
    for (const details of run.querySelectorAll('details.task')) details.open = open;
  };
  form.addEventListener('input', show);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.elements.namedItem('open').addEventListener('click', fold(true));
  form.elements.namedItem('close').addEventListener('click', fold(false));
  form.hidden = false;
  show();
}
`;
