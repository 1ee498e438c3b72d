// What a text may hold: a list that can be searched, from which one inserts at the cursor.

const legend = document.querySelector('#legend')
const search = document.querySelector('#legend-search')
const none = document.querySelector('#legend-none')
const variables = document.querySelector('#variables')
const entry = document.querySelector('#legend-entry')
const PLACEHOLDER = /\$\{[^{}]+\}|\$[\p{L}_][\p{L}\p{N}_]*/gu

let target = null

document.addEventListener('focusin', (event) => {
  if (event.target.matches('[data-template]')) target = event.target
})

/** Show the entries, each with what it gives for the call of the preview. */
export function show(found) {
  for (const group of legend.querySelectorAll('div[data-group]')) {
    const entries = found[group.dataset.group]
    const list = group.querySelector('ul')
    const isSame = list.children.length === entries.length && entries.every((each, at) => list.children[at].dataset.word === each.word)
    if (!isSame) list.replaceChildren(...entries.map((each) => row(each, group.dataset.group)))
    entries.forEach((each, at) => { list.children[at].querySelector('.gives').textContent = each.example })
    group.hidden = entries.length === 0
  }
  const names = [...found.variables, ...found.columns].map(({ word }) => word.replace(/^\$\{?|\}$/g, ''))
  if (variables.children.length !== names.length) variables.replaceChildren(...names.map((name) => new Option(name, name)))
  filter()
}

function row({ word, meaning }, group) {
  const item = entry.content.cloneNode(true).firstElementChild
  item.dataset.word = word
  item.dataset.group = group
  item.querySelector('code').textContent = group === 'filters' ? word.replace(/^\$\{[^|]*/, '').replace(/\}$/, '') : word
  item.querySelector('.meaning').textContent = meaning
  return item
}

search.addEventListener('input', filter)

function filter() {
  const wanted = search.value.trim().toLowerCase()
  let shown = 0
  for (const item of legend.querySelectorAll('.legend li')) {
    item.hidden = !item.textContent.toLowerCase().includes(wanted)
    shown += !item.hidden
  }
  none.hidden = shown > 0
}

legend.addEventListener('click', (event) => {
  const item = event.target.closest('.legend li')
  if (!item) return
  const field = target?.isConnected ? target : document.querySelector('[data-template]')
  if (!field) return
  if (item.dataset.group === 'filters') insertFilter(field, item.dataset.word)
  else insert(field, item.dataset.word)
  field.dispatchEvent(new Event('input', { bubbles: true }))
  field.focus()
})

function insert(field, word) {
  // A letter right behind it would become part of the name.
  const isGlued = /^[\p{L}\p{N}_]/u.test(field.value.slice(field.selectionEnd))
  const text = isGlued && !word.startsWith('${') ? `\${${word.slice(1)}}` : word
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end')
}

/** Add a filter to the variable that the cursor is in or behind; without one, insert an example of its use. */
function insertFilter(field, word) {
  const cursor = field.selectionEnd
  const found = [...field.value.matchAll(PLACEHOLDER)].find((each) => each.index < cursor && cursor <= each.index + each[0].length)
  if (!found) return insert(field, word)
  const name = found[0].replace(/^\$\{?|\}$/g, '')
  const added = word.slice(word.indexOf('|'), -1)
  field.setRangeText(`\${${name}${added}}`, found.index, found.index + found[0].length, 'end')
  return undefined
}
