// Lines of calls: shows their popups, and takes notes of them in place.

import { ask, say, trying } from './base.js'
import './dialling.js'

/** What was searched for: a line that comes anew shows it. */
const searched = () => document.querySelector('#text')?.value ?? ''

document.addEventListener('click', (event) => {
  const { target } = event
  const show = target.closest('[data-show]')?.dataset.show
  if (show) trying(() => ask('/live/show', { form: { call: show } }))
  const line = target.closest('.call')
  if (target.closest('[data-note]')) openNote(line)
  if (target.closest('[data-cancel]')) closeNote(line)
})

document.addEventListener('keydown', (event) => {
  const form = event.target.closest?.('.call .note-form')
  if (!form) return
  if (event.key === 'Escape') closeNote(form.closest('.call'))
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit()
})

document.addEventListener('submit', (event) => {
  if (!event.target.matches('.call .note-form')) return
  event.preventDefault()
  trying(() => keepNote(event.target))
})

function openNote(line) {
  if (!line.querySelector('.note-form')) {
    line.append(document.querySelector('#note-form').content.cloneNode(true))
    line.querySelector('[data-note]').setAttribute('aria-expanded', 'true')
  }
  line.querySelector('.note-form textarea').focus()
}

function closeNote(line) {
  line.querySelector('.note-form').remove()
  const button = line.querySelector('[data-note]')
  button.setAttribute('aria-expanded', 'false')
  button.focus()
}

async function keepNote(form) {
  const line = form.closest('.call')
  const button = form.querySelector('button')
  button.disabled = true
  try {
    const sent = { call: line.dataset.call, text: form.elements.text.value, searched: searched() }
    const { html, remark } = await ask('/history/note', { form: sent })
    const holder = document.createElement('template')
    holder.innerHTML = html // escaped where it was made
    const renewed = holder.content.querySelector('.call')
    line.replaceWith(renewed)
    renewed.querySelector('[data-note]').focus()
    if (remark) say(remark)
  } finally {
    button.disabled = false
  }
}
