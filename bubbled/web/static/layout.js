// The layout editor: what popups say, with a preview while one types.

import { ask, say, trying } from './base.js'
import { conditioned } from './condition.js'
import { isWanted, previewing, save, settled, unlock, watching } from './preview.js'
import { numbered, sortable } from './sorting.js'

const form = document.querySelector('#editor')
const lines = document.querySelector('#lines')
const blank = document.querySelector('#line')
const words = document.querySelector('#words').dataset
const start = JSON.parse(form.dataset.start)
const { usual } = start
const fields = {
  headline: document.querySelector('#headline'),
  footnote: document.querySelector('#footnote'),
  picture: document.querySelector('#image'),
}
const times = { hide_after_s: document.querySelector('#hide'), keep_after_s: document.querySelector('#keep') }
const marks = new Map() // of fields whose text holds a password, which the page is not told
let digest = start.digest

const vip = conditioned(form.querySelector('[data-condition]'), changed)

function fill({ headline = usual.headline, lines: texts, footnote, picture = '', vip: who = '', ...rest }) {
  put(fields.headline, headline)
  put(fields.footnote, footnote ?? (texts ? '' : usual.footnote))
  put(fields.picture, picture)
  lines.replaceChildren()
  for (const text of texts ?? usual.lines) add(text)
  vip.value = who
  document.querySelector('#vip-details').open = Boolean(who)
  for (const [name, field] of Object.entries(times)) field.value = rest[name] ?? ''
  renumber()
}

function put(field, value) {
  const isMark = typeof value === 'object'
  if (isMark) marks.set(field, value)
  field.value = isMark ? '' : value
  field.placeholder = isMark ? words.kept : ''
}

function add(text) {
  const row = blank.content.cloneNode(true).firstElementChild
  put(row.querySelector('input'), text)
  lines.append(row)
  return row
}

function renumber() {
  numbered(lines, words).forEach((row, index) => {
    row.querySelector('input').setAttribute('aria-label', words.line.replace('#', index + 1))
  })
}

const textOf = (field) => field.value.trim() || marks.get(field) || ''

/** What the settings are to say, without what is bubbled's own. */
function wished() {
  const inputs = [...lines.querySelectorAll('input')].filter((input) => textOf(input))
  for (const input of lines.querySelectorAll('input')) delete input.dataset.key
  inputs.forEach((input, index) => { input.dataset.key = `popup.layout.lines[${index + 1}]` })
  const texts = inputs.map(textOf)
  const found = {}
  const [headline, footnote, picture] = [fields.headline, fields.footnote, fields.picture].map(textOf)
  if (headline && headline !== usual.headline) found.headline = headline
  if (JSON.stringify(texts) !== JSON.stringify(usual.lines) || !footnote) found.lines = texts
  if (footnote && (found.lines || footnote !== usual.footnote)) found.footnote = footnote
  if (picture) found.picture = picture
  if (vip.value) found.vip = vip.value
  for (const [name, field] of Object.entries(times)) if (field.value !== '') found[name] = Number(field.value)
  return found
}

function sections() {
  const { headline, lines: texts, footnote, picture, ...popup } = wished()
  return { popup: { ...popup, layout: without({ headline, lines: texts, footnote, picture }) } }
}

const without = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

function changed() {
  shown.soon()
  watched.look()
}

fill(start.own)
const watched = watching(wished)
const shown = previewing(form, sections)

sortable(lines, () => { renumber(); changed() })
form.addEventListener('input', changed)
form.addEventListener('mistaken', ({ target }) => target.closest('details')?.setAttribute('open', ''))
document.querySelector('#add').addEventListener('click', () => {
  const row = add('')
  renumber()
  row.querySelector('input').focus()
})
lines.addEventListener('click', (event) => {
  if (!event.target.closest('[data-remove]')) return
  const row = event.target.closest('li')
  const beside = row.nextElementSibling ?? row.previousElementSibling
  row.remove()
  renumber()
  changed()
  ;(beside?.querySelector('input') ?? document.querySelector('#add')).focus()
})
lines.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.target.tagName !== 'INPUT') return
  event.preventDefault() // a new line, as in every editor
  const row = add('')
  event.target.closest('li').after(row)
  renumber()
  row.querySelector('input').focus()
})
document.querySelector('#usual').addEventListener('click', () => {
  const { vip: who, hide_after_s, keep_after_s } = wished()
  fill({ vip: who, hide_after_s, keep_after_s })
  changed()
})
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const sent = wished()
  const answer = await save(form, '/settings/layout', { digest, wished: sent })
  if (!answer) return
  digest = answer.digest
  settled(answer)
  watched.kept(sent)
  say(form.dataset.saved)
})
unlock(form)

// A layout from a file.

const file = document.querySelector('#file')
const area = document.querySelector('#import')
const changes = document.querySelector('#changes')
let offered = null

file.addEventListener('change', async () => {
  area.hidden = true
  if (!file.files[0]) return
  const text = await file.files[0].text()
  const found = await trying(() => ask('/settings/layout/import/check', { json: { text } }))
  if (!found) return
  offered = { text, programs: found.programs }
  changes.replaceChildren(...(found.changes.length ? found.changes : [area.dataset.same]).map(item))
  document.querySelector('#take').hidden = found.changes.length === 0
  area.hidden = false
})
document.querySelector('#take').addEventListener('click', () => trying(async () => {
  if (offered.programs.length && !(await isWanted(offered.programs))) return
  await ask('/settings/layout/import', { json: { digest, ...offered } })
  location.reload()
}))

function item(text) {
  const element = document.createElement('li')
  element.textContent = text
  return element
}
