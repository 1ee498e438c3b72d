// Keeps the calls of this moment up to date, presses the buttons of their popups, mutes, and calls.

import { ask, count, follow, trying } from './base.js'
import './calls.js'
import { dial } from './dialling.js'

const live = document.querySelector('#live')
const number = document.querySelector('#dial')

/** What tells an element from all others of the part, so that it is found in the next one. */
function nameOf(element) {
  const line = element?.closest?.('.call, .bubble')
  if (!live.contains(element)) return null
  const all = [...(line ?? live).querySelectorAll('a, button')]
  return { call: line?.dataset.call ?? line?.querySelector('[data-call]')?.dataset.call, index: all.indexOf(element) }
}

function named({ call, index }) {
  const line = call ? live.querySelector(`[data-call="${CSS.escape(call)}"]`)?.closest('.call, .bubble') : live
  return line?.querySelectorAll('a, button')[index]
}

follow(live.dataset.follow, ({ html }) => {
  if (live.querySelector('.note-form')) return // somebody writes; what is new comes with the next change
  const place = nameOf(document.activeElement)
  live.innerHTML = html // escaped where it was made
  count()
  if (place) named(place)?.focus() // who uses the keyboard stays where he was
})

live.addEventListener('click', (event) => {
  const { press, call, asks, mute } = event.target.dataset
  if (mute !== undefined) trying(() => ask('/live/mute', { form: { minutes: mute } }))
  if (!press) return
  const text = asks ? window.prompt(asks) : ''
  if (text !== null) trying(() => ask('/live/press', { form: { call, button: press, text } }))
})

number.addEventListener('submit', (event) => {
  event.preventDefault()
  dial(number.elements.number.value)
})
