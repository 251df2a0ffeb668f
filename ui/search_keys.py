"""Keys of the search page: `/` to ask, `j` and `k` through the works, Enter opens one."""

from __future__ import annotations

HINT = "Keys: / to ask, ↓ from there to the works, j and k through them, Enter to read."

SCRIPT = """<script>
if (!window.alignloomSearchKeys) {
  window.alignloomSearchKeys = true;
  document.addEventListener('keydown', event => {
    const box = document.querySelector('.st-key-query input');
    if (!box || event.ctrlKey || event.metaKey || event.altKey) return;
    const works = [...document.querySelectorAll('[class*="st-key-hit-"]')]
      .filter(work => work.querySelector('button'));
    const here = document.activeElement;
    const typing = here && here.closest('input, textarea, [role="combobox"], [role="dialog"]');
    const at = works.findIndex(work => work.contains(here));
    const step = {j: 1, k: -1}[event.key];
    const to = work => {
      work.querySelector('button').focus();
      work.scrollIntoView({block: 'nearest'});
    };
    if (here === box && event.key === 'ArrowDown' && works.length) to(works[0]);
    else if (typing) return;
    else if (event.key === '/') { box.focus(); box.select(); }
    else if (step && works[at + step]) to(works[at + step]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}
</script>"""
"""Hears keys while a search page is drawn; those that are typed into a field are the field's."""
