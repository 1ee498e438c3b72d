// Fetches what the directories say of a number, and copies it.

import { ask, say, trying } from './base.js'
import './calls.js'

const answers = document.querySelector('#answers')

async function fetchAnswers() {
  try {
    const { html, who } = await ask(answers.dataset.from)
    answers.innerHTML = html // escaped where it was made
    if (who) document.querySelector('#who').innerHTML = who // as above
  } catch (error) {
    const text = document.createElement('p')
    text.className = 'mistake'
    text.textContent = error.message
    answers.replaceChildren(text)
  } finally {
    answers.removeAttribute('aria-busy')
  }
}
fetchAnswers()

document.addEventListener('click', (event) => {
  const { copy, copied } = event.target.dataset
  if (!copy) return
  trying(async () => {
    await navigator.clipboard.writeText(copy)
    say(copied)
  })
})
