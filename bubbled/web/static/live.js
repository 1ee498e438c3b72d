// Keeps the calls of this moment up to date, and presses the buttons of their popups.

import { ask, count, follow, trying } from './base.js'

const live = document.querySelector('#live')

function changed({ html }) {
  const pressed = document.activeElement?.dataset ?? {}
  live.innerHTML = html // escaped where it was made
  count()
  // Who uses the keyboard stays where he was.
  if (pressed.press) live.querySelector(`[data-press="${CSS.escape(pressed.press)}"][data-call="${CSS.escape(pressed.call)}"]`)?.focus()
}

// A browser talks to bubbled over six connections at most: a page that nobody sees keeps none.
let following
function attend() {
  following?.close()
  following = document.hidden ? undefined : follow(live.dataset.follow, changed)
}
document.addEventListener('visibilitychange', attend)
attend()

live.addEventListener('click', (event) => {
  const { press, call, asks, show } = event.target.dataset
  if (show) trying(() => ask('/live/show', { form: { call: show } }))
  if (!press) return
  const text = asks ? window.prompt(asks) : ''
  if (text !== null) trying(() => ask('/live/press', { form: { call, button: press, text } }))
})
