// The buttons editor: a list of buttons, each with what it does and when it is there, tried while it is edited.

import { ask, say, trying } from './base.js'
import { conditioned } from './condition.js'
import { previewing, save, settled, unlock, watching } from './preview.js'
import { numbered, sortable } from './sorting.js'

const form = document.querySelector('#editor')
const list = document.querySelector('#buttons')
const blank = document.querySelector('#button')
const words = document.querySelector('#words').dataset
const start = JSON.parse(form.dataset.start)
const conditions = new WeakMap()
const marks = new WeakMap() // of fields whose text holds a password, which the page is not told
const keptArguments = new Map() // the same of lines among the arguments of programs
let digest = start.digest
let isOwn = start.own === null || start.own === undefined // bubbled's own, until there is one of the user's
let made = 0

const KINDS = ['open', 'mail', 'copy', 'dial', 'run', 'mute_min', 'note', 'choose']

function add(button, { open = false } = {}) {
  const row = blank.content.cloneNode(true).firstElementChild
  made += 1
  for (const element of row.querySelectorAll('[id], [for]')) {
    for (const name of ['id', 'for']) if (element.hasAttribute(name)) element.setAttribute(name, element.getAttribute(name).replace('#', made))
  }
  for (const field of row.querySelectorAll('[data-key]')) {
    field.dataset.name = field.dataset.key
  }
  conditions.set(row, conditioned(row.querySelector('[data-condition]'), changed))
  list.append(row)
  fill(row, button)
  expand(row, open)
  return row
}

function fill(row, button) {
  const kind = KINDS.find((name) => name in button) ?? 'open'
  row.querySelector('[data-does]').value = kind
  put(field(row, 'label'), button.label ?? '')
  for (const name of ['open', 'copy', 'dial', 'mute_min']) put(field(row, name), button[name] ?? '')
  for (const name of ['recipient', 'subject', 'body']) put(field(row, `mail.${name}`), button.mail?.[name] ?? '')
  field(row, 'run').value = (button.run ?? []).map(argument).join('\n')
  conditions.get(row).value = button.when ?? ''
  row.querySelector('[data-when]').open = false
  show(row)
}

const field = (row, name) => row.querySelector(`[data-name="${name}"]`)

/** An argument as a line of its own; one that holds a password is a line that stands for it. */
function argument(text) {
  if (typeof text === 'string') return text
  const line = `${words.kept} (${keptArguments.size + 1})`
  keptArguments.set(line, text)
  return line
}

function put(element, value) {
  const isMark = typeof value === 'object'
  if (isMark) marks.set(element, value)
  element.value = isMark ? '' : value
  if (isMark) element.placeholder = words.kept
}

/** What is there for the kind that is chosen, and the line that stands for the button. */
function show(row) {
  const does = row.querySelector('[data-does]')
  for (const part of row.querySelectorAll('[data-for]')) part.hidden = part.dataset.for !== does.value
  row.querySelector('.name').textContent = field(row, 'label').value || words.new
  row.querySelector('.kind').textContent = does.selectedOptions[0].textContent
  row.querySelector('[data-when] .written').textContent = conditions.get(row).text || words.always
}

function expand(row, isOpen) {
  row.querySelector('.toggle').setAttribute('aria-expanded', isOpen)
  row.querySelector('.body').hidden = !isOpen
}

const textOf = (row, name) => field(row, name).value || marks.get(field(row, name)) || ''

function read(row) {
  const kind = row.querySelector('[data-does]').value
  const button = { label: textOf(row, 'label') }
  const value = kind in VALUES ? VALUES[kind](row) : textOf(row, kind)
  if (value !== null) button[kind] = value
  const when = conditions.get(row).value
  return when ? { ...button, when } : button
}

const VALUES = {
  mail(row) {
    const mail = { recipient: textOf(row, 'mail.recipient'), subject: textOf(row, 'mail.subject'), body: textOf(row, 'mail.body') }
    return Object.fromEntries(Object.entries(mail).filter(([name, text]) => text || name === 'subject'))
  },
  run: (row) => field(row, 'run').value.split('\n').filter((line) => line.trim()).map((line) => keptArguments.get(line) ?? line),
  mute_min: (row) => (field(row, 'mute_min').value === '' ? null : Number(field(row, 'mute_min').value)),
  note: () => true,
  choose: () => true,
}

const wished = () => (isOwn ? null : [...list.children].map(read))
const sections = () => ({ buttons: wished() })

function renumber() {
  numbered(list, words).forEach((row, index) => {
    for (const element of row.querySelectorAll('[data-name]')) element.dataset.key = `button[${index + 1}].${element.dataset.name}`
    row.dataset.key = `button[${index + 1}]`
  })
  document.querySelector('#own').hidden = !isOwn
  document.querySelector('#none').hidden = isOwn || list.children.length > 0
}

function changed() {
  for (const row of list.children) show(row)
  shown.soon()
  watched.look()
}

/** What came of the try, at each button. */
function told({ buttons }) {
  ;[...list.children].forEach((row, index) => {
    const tried = buttons[index] ?? { hindrance: 'mistake', outcome: '' }
    const text = [words[tried.hindrance] ?? '', tried.outcome].filter(Boolean).join(' ')
    const status = row.querySelector('.tried p')
    if (status.textContent !== text) status.textContent = text
    row.querySelector('[data-try]').disabled = !tried.outcome
    row.querySelector('[data-try]').dataset.outcome = tried.outcome
  })
}

for (const button of start.own ?? []) add(button)
renumber()
const watched = watching(wished)
const shown = previewing(form, sections, told)

sortable(list, () => { renumber(); changed() })
form.addEventListener('input', changed)
form.addEventListener('mistaken', ({ target }) => {
  expand(target.closest('#buttons > li'), true)
  target.closest('details')?.setAttribute('open', '')
})
form.addEventListener('click', (event) => {
  const row = event.target.closest('#buttons > li')
  const toggle = event.target.closest('.toggle')
  if (toggle) expand(row, toggle.getAttribute('aria-expanded') === 'false')
  if (event.target.closest('[data-remove]')) remove(row)
  if (event.target.closest('[data-try]')) really(row)
})

function remove(row) {
  const beside = row.nextElementSibling ?? row.previousElementSibling
  row.remove()
  renumber()
  changed()
  ;(beside?.querySelector('.toggle') ?? document.querySelector('#add')).focus()
}

async function really(row) {
  const number = [...list.children].indexOf(row) + 1
  const dialog = document.querySelector('#sure')
  document.querySelector('#what').textContent = row.querySelector('[data-try]').dataset.outcome
  dialog.returnValue = ''
  dialog.showModal()
  dialog.addEventListener('close', () => {
    if (dialog.returnValue !== 'yes') return
    trying(async () => {
      await ask('/settings/layout/press', { json: { ...shown.candidate(), button: number } })
      say(words.done)
    })
  }, { once: true })
}

document.querySelector('#add').addEventListener('click', () => {
  isOwn = false
  const row = add({ label: '', open: '' }, { open: true })
  renumber()
  changed()
  field(row, 'label').focus()
})
document.querySelector('#begin').addEventListener('click', () => {
  isOwn = false
  for (const button of start.usual) add(button)
  renumber()
  changed()
  list.querySelector('.toggle').focus()
})
document.querySelector('#usual').addEventListener('click', () => {
  isOwn = true
  list.replaceChildren()
  renumber()
  changed()
})
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const sent = wished()
  const answer = await save(form, '/settings/buttons', { digest, buttons: sent })
  if (!answer) return
  digest = answer.digest
  settled(answer)
  watched.kept(sent)
  say(form.dataset.saved)
})
unlock(form)
