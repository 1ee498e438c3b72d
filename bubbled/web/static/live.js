// Keeps the calls of this moment up to date, and presses the buttons of their popups.

import { ask, count, follow, trying } from './base.js'

const live = document.querySelector('#live')

follow(live.dataset.follow, ({ html }) => {
  const pressed = document.activeElement?.dataset ?? {}
  live.innerHTML = html // escaped where it was made
  count()
  // Who uses the keyboard stays where he was.
  if (pressed.press) live.querySelector(`[data-press="${CSS.escape(pressed.press)}"][data-call="${CSS.escape(pressed.call)}"]`)?.focus()
})

live.addEventListener('click', (event) => {
  const { press, call, asks, show } = event.target.dataset
  if (show) trying(() => ask('/live/show', { form: { call: show } }))
  if (!press) return
  const text = asks ? window.prompt(asks) : ''
  if (text !== null) trying(() => ask('/live/press', { form: { call, button: press, text } }))
})
