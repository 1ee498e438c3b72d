// Checks and saves the text of the settings, and leads to the line of each mistake.

import { ask, say, trying } from './base.js'

const editor = document.querySelector('#editor')
const text = document.querySelector('#text')
const list = document.querySelector('#mistakes')
let digest = editor?.dataset.digest || null
let saved = text?.value

function show(mistakes, warnings = []) {
  list.replaceChildren(
    ...mistakes.map((mistake) => item(mistake, 'mistake')),
    ...warnings.map((warning) => item({ key: '', text: warning }, 'warning')),
  )
  text.setAttribute('aria-invalid', mistakes.length > 0)
}

function item({ key, line, text: words }, kind) {
  const row = document.createElement('li')
  const place = line ? `${editor.dataset.line} ${line}: ` : ''
  const what = document.createElement(line ? 'button' : 'span')
  what.className = kind
  what.textContent = `${place}${key} ${words}`
  if (line) {
    what.type = 'button'
    what.addEventListener('click', () => go(line))
  }
  row.append(what)
  return row
}

function go(line) {
  const lines = text.value.split('\n')
  const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0)
  text.focus()
  text.setSelectionRange(start, start + (lines[line - 1] ?? '').length)
  text.scrollTop = (text.scrollHeight / lines.length) * Math.max(0, line - 4)
}

editor?.addEventListener('submit', async (event) => {
  event.preventDefault()
  try {
    const answer = await ask('/settings/file', { json: { digest, text: text.value } })
    digest = answer.digest
    saved = text.value
    show([], answer.warnings)
    say(editor.dataset.saved)
  } catch (error) {
    if (error.answer?.mistakes) show(error.answer.mistakes)
    else say(error.message, { wrong: true })
  }
})

document.querySelector('#check')?.addEventListener('click', () => trying(async () => {
  const { mistakes, warnings } = await ask('/settings/file/check', { json: { digest, text: text.value } })
  show(mistakes, warnings)
  if (!mistakes.length) say(editor.dataset.good)
}))

window.addEventListener('beforeunload', (event) => {
  if (text && text.value !== saved) event.preventDefault()
})
