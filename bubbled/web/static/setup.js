// Says what goes on while answers are tried, which takes seconds, and completes paths.

import { ask } from './base.js'

for (const form of document.querySelectorAll('form[data-busy]')) {
  form.addEventListener('submit', () => {
    const told = form.querySelector('.busy')
    told.textContent = form.dataset.busy
    told.hidden = false
    if (form.dataset.progress) tell(told, form.dataset)
    // Not at once: a button that is disabled is not sent.
    setTimeout(() => { for (const button of form.querySelectorAll('button')) button.disabled = true })
  })
}

/** Say how much is read by now, until the next page comes. */
function tell(told, { busy, progress }) {
  setInterval(async () => {
    const { percent } = await ask(progress).catch(() => ({ percent: null }))
    told.textContent = percent === null ? busy : `${busy} ${percent} %`
  }, 500)
}

// A page that the browser has kept, and shows again by Back, is as it was sent: its buttons would stay disabled.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload()
})

for (const input of document.querySelectorAll('input[data-paths]')) {
  let asked = 0
  const complete = async () => {
    const mine = ++asked
    try {
      const { paths } = await ask(`${input.dataset.paths}?${new URLSearchParams({ typed: input.value || '~/' })}`)
      if (mine === asked) input.list.replaceChildren(...paths.map((path) => Object.assign(document.createElement('option'), { value: path })))
    } catch {
      // Who gets no help with a path can still type it.
    }
  }
  input.addEventListener('input', complete)
  complete()
}

(document.querySelector('.mistake') ?? document.querySelector('.result[role="alert"]'))?.scrollIntoView({ block: 'center' })
document.querySelector('[aria-invalid="true"]')?.focus()
