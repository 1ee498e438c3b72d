// Searches while one types, keeps the address such that a reload shows the same, and adds older calls.

import { ask, follow, trying } from './base.js'
import './calls.js'

const PAUSE_MS = 150

const results = document.querySelector('#results')
const search = document.querySelector('#search')
const { from } = results.dataset

let hasOlder = false
let isAsking = false
let isStale = false
let pause

/** What the form says, without what it does not. */
function query() {
  const fields = search ? [...new FormData(search)] : []
  return new URLSearchParams(fields.filter(([name, value]) => value && !(name === 'whose' && value === 'me')))
}

/** One question at a time: who types fast asks for the last thing, not for each letter. */
async function refresh() {
  isStale = true
  if (isAsking) return
  isAsking = true
  while (isStale) {
    isStale = false
    const asked = search ? query().toString() : window.location.search.slice(1)
    const answer = await trying(() => ask(`${from}?${asked}`))
    if (answer && !isStale) show(answer.html)
  }
  isAsking = false
}

function show(html) {
  const place = placeOf(document.activeElement)
  hasOlder = false
  results.innerHTML = html // escaped where it was made
  tell()
  if (place) at(place)?.focus()
}

/** Say to who does not see the list what has become of it. */
function tell() {
  const told = document.querySelector('#told')
  const text = results.querySelector('[data-told]')?.textContent.trim() ?? ''
  if (told.textContent !== text) told.textContent = text
}

/** Say how many missed calls wait; where many were missed that takes longer than a page may. */
async function countWaiting() {
  const badge = document.querySelector('#waiting')
  const { count } = await ask(badge.dataset.from)
  badge.textContent = count
  badge.hidden = count === 0
}
trying(countWaiting)

// Who uses the keyboard stays where he was, in a list that is made anew.
function placeOf(element) {
  const line = results.contains(element) ? element.closest('.call') : null
  return line && { call: line.dataset.call, index: [...line.querySelectorAll('a, button')].indexOf(element) }
}

function at({ call, index }) {
  return results.querySelector(`[data-call="${CSS.escape(call)}"]`)?.querySelectorAll('a, button')[index]
}

search?.addEventListener('input', () => {
  clearTimeout(pause)
  pause = setTimeout(searchNow, PAUSE_MS)
})
search?.addEventListener('submit', (event) => {
  event.preventDefault()
  searchNow()
})

function searchNow() {
  clearTimeout(pause)
  const asked = query().toString()
  window.history.replaceState(null, '', asked ? `?${asked}` : window.location.pathname)
  refresh()
}

results.addEventListener('click', (event) => {
  const link = event.target.closest('[data-older]')
  if (!link) return
  event.preventDefault()
  trying(() => addOlder(link))
})

async function addOlder(link) {
  const wanted = new URL(link.href).searchParams
  wanted.set('seen', results.querySelector('[data-count]').dataset.count)
  const { html } = await ask(`${from}?${wanted}`)
  if (!link.isConnected) return // something else was searched for meanwhile
  hasOlder = true
  const holder = document.createElement('template')
  holder.innerHTML = html // escaped where it was made
  const older = holder.content
  const next = older.querySelector('.call')
  results.querySelector('[data-told]').replaceWith(older.querySelector('[data-told]'))
  for (const day of older.querySelectorAll('.day')) {
    const known = results.querySelector(`.day[data-day="${day.dataset.day}"] .calls`)
    if (known) known.append(...day.querySelectorAll('.call'))
    else link.parentElement.before(day)
  }
  const more = older.querySelector('.more')
  if (more) link.parentElement.replaceWith(more)
  else link.parentElement.remove()
  tell()
  next?.querySelector('a, button')?.focus()
}

// A call that has ended comes into the list, unless somebody has gone further down in it or writes a note there.
function callEnded() {
  trying(countWaiting)
  const isFurtherDown = hasOlder || new URLSearchParams(window.location.search).has('before')
  if (!isFurtherDown && !results.querySelector('.note-form')) refresh()
}

follow(results.dataset.follow, callEnded)
// Calls may have ended while nobody looked.
document.addEventListener('visibilitychange', () => { if (!document.hidden) callEnded() })

document.addEventListener('keydown', (event) => {
  const isTyping = event.target.closest('input, textarea, select, dialog')
  if (event.key === '/' && search && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault()
    search.elements.text.select()
  }
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (way) step(event, way)
})

/** Go to the next name with an arrow key: from the search into the list, and within it. */
function step(event, way) {
  const names = [...results.querySelectorAll('.who a')]
  const isSearch = event.target === search?.elements.text
  const here = names.indexOf(event.target)
  if (!isSearch && here < 0) return
  if (isSearch && way < 0) return
  event.preventDefault()
  const next = isSearch ? 0 : here + way
  const to = next < 0 ? search?.elements.text : names[next]
  to?.focus()
}
