// Shows what becomes of a popup while it is edited, and what is wrong, at the field that has it.

import { ask, count, say, trying } from './base.js'
import { show as showLegend } from './legend.js'

const DELAY_MS = 40

const preview = document.querySelector('#preview')
const stale = document.querySelector('#stale')
const picture = document.querySelector('#picture')
const warnings = document.querySelector('#warnings')
const whose = document.querySelector('#whose')
const example = document.querySelector('#example')

/** Keep the preview up to date. `collect()` gives the sections to try; `told(answer)` hears what came of them. */
export function previewing(form, collect, told = () => {}) {
  let timer = 0
  let latest = 0
  let buttons = []
  let hasFailed = false

  function soon() {
    clearTimeout(timer)
    timer = setTimeout(now, DELAY_MS)
  }

  async function now() {
    const number = ++latest
    preview.setAttribute('aria-busy', 'true')
    try {
      const answer = await ask('/settings/layout/preview', { json: candidate() })
      if (number === latest) show(answer) // else a later one is on its way
      hasFailed = false
    } catch (error) {
      if (!hasFailed) say(error.message, { wrong: true }) // once, not for each letter
      hasFailed = true
    }
    if (number === latest) preview.setAttribute('aria-busy', 'false')
  }

  function show(answer) {
    if (answer.html) preview.innerHTML = answer.html // escaped where it was made
    count()
    buttons = answer.buttons
    stale.hidden = Boolean(answer.html)
    picture.hidden = !answer.picture
    picture.textContent = `${answer.is_picture_lacking ? picture.dataset.lacking : picture.dataset.text} ${answer.picture}`
    showLegend(answer.legend)
    mark(form, answer.mistakes.filter((mistake) => !isStillEmpty(form, mistake)), answer.warnings)
    told(answer)
  }

  const candidate = () => ({ ...collect(), ...call() })

  whose.addEventListener('change', now)
  preview.addEventListener('click', (event) => {
    const pressed = buttons.find(({ id, is_shown }) => is_shown && id === event.target.dataset.press)
    if (pressed) say(`${pressed.label}: ${pressed.outcome}`)
  })
  example.addEventListener('click', () => trying(async () => {
    await ask('/settings/layout/example', { json: candidate() })
    say(form.dataset.shown)
  }))
  now()
  return { soon, candidate }
}

document.addEventListener('focusout', ({ target }) => { if (target.dataset) target.dataset.left = '' })

/** A field that is empty because nobody has been in it yet is no mistake before it is to be saved. */
function isStillEmpty(form, { key }) {
  const field = nearest(form, key)
  return field?.value === '' && !('left' in field.dataset)
}

function call() {
  const [kind, ...rest] = whose.value.split(':')
  const name = rest.join(':')
  return kind === 'call' ? { call: name } : { scene: name }
}

/** Show each mistake and each warning at the field of its key; where there is none, in a list. */
export function mark(form, mistakes, doubts = []) {
  for (const field of form.querySelectorAll('[aria-describedby]')) {
    field.removeAttribute('aria-invalid')
    field.removeAttribute('aria-describedby')
  }
  for (const old of form.querySelectorAll('.mistake, .doubt')) old.remove()
  const left = mistakes.filter(({ key, text }) => !tellAt(form, key, text, 'mistake'))
  form.querySelector('#mistakes').replaceChildren(...left.map(({ key, text }) => line(`${key} ${text}`.trim(), 'mistake')))
  const general = doubts.filter((doubt) => {
    const [, key, text] = doubt.match(/^(\S+): (.*)$/) ?? []
    return !key || !tellAt(form, key, text, 'doubt')
  })
  warnings.replaceChildren(...general.map((text) => line(text, 'message warning')))
}

function tellAt(form, key, text, kind) {
  const field = nearest(form, key)
  if (!field) return false
  const words = line(text, kind, 'p')
  // Where it is folded away, it is shown.
  if (kind === 'mistake') field.dispatchEvent(new Event('mistaken', { bubbles: true }))
  if (!field.matches('input, textarea, select')) { // a whole button
    field.querySelector('.body').append(words)
    return true
  }
  words.id = `${kind}-${key.replace(/\W+/g, '-')}`
  if (kind === 'mistake') field.setAttribute('aria-invalid', 'true')
  field.setAttribute('aria-describedby', words.id)
  field.closest('.field').append(words)
  return true
}

/** The field of a key, or of the key around it: `button[1].run[2]` is shown at `button[1].run`. */
function nearest(form, key) {
  for (let name = key; name; name = name.replace(/(?:\.[^.[]+|\[\d+\])$/, '')) {
    const field = [...form.querySelectorAll('[data-key]')].find((each) => each.dataset.key === name && !each.closest('[data-for][hidden]'))
    if (field) return field
    if (!/[.[]/.test(name)) break
  }
  return null
}

function line(text, kind, tag = 'li') {
  const element = document.createElement(tag)
  element.className = kind
  element.textContent = text
  return element
}

/** Save what an editor holds; gives the answer, or undefined where that did not go. Asks about programs. */
export async function save(form, path, body) {
  if (form.getAttribute('aria-busy') === 'true') return undefined // a second press meant the same
  form.setAttribute('aria-busy', 'true')
  try {
    const answer = await ask(path, { json: body })
    const { programs } = answer
    if (!programs) return answer
    return (await isWanted(programs)) ? await ask(path, { json: { ...body, programs } }) : undefined
  } catch (error) {
    const { mistakes } = error.answer ?? {}
    if (mistakes) {
      mark(form, mistakes)
      form.querySelector('[aria-invalid], #mistakes .mistake')?.scrollIntoView({ block: 'center' })
      form.querySelector('[aria-invalid]')?.focus()
    } else say(error.message, { wrong: true })
    return undefined
  } finally {
    form.setAttribute('aria-busy', 'false')
  }
}

/** Have the user agree to programs, each a list of arguments. */
export function isWanted(programs) {
  const dialog = document.querySelector('#programs')
  dialog.querySelector('#program-list').replaceChildren(...programs.map((run) => line(run.map(argument).join('\n'), 'program code', 'pre')))
  dialog.returnValue = ''
  dialog.showModal()
  return new Promise((done) => {
    dialog.addEventListener('close', () => done(dialog.returnValue === 'yes'), { once: true })
  })
}

// One that holds a password is not told to pages, only what it is.
const argument = (each) => each.where ?? each

/** After a save: the next one begins with what is there now, and this one can be undone. */
export function settled({ digest, undo }) {
  document.querySelector('#undo').elements.digest.value = digest
  document.querySelector('#undo-button').hidden = undo === 0
}

/** Let an editor be used now that it is filled: what is typed before that would be lost. */
export function unlock(form) {
  form.querySelector('.whole').disabled = false
}

/** Watch over changes that are not saved: says so, and asks before the page is left. */
export function watching(collect) {
  const badge = document.querySelector('#changed')
  let saved = JSON.stringify(collect())
  const isChanged = () => JSON.stringify(collect()) !== saved
  window.addEventListener('beforeunload', (event) => { if (isChanged()) event.preventDefault() })
  return {
    look() { badge.hidden = !isChanged() },
    kept(sent) {
      saved = JSON.stringify(sent)
      this.look()
    },
  }
}
