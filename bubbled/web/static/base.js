// What every page can do: send things with the proof that they come from our page, say what came of it, follow
// events. Pages' own modules import from here.

const csrf = document.querySelector('meta[name="csrf"]').content

/** Ask bubbled something; gives the JSON of the answer, and throws an Error with words for the user. */
export async function ask(path, { form, json } = {}) {
  const request = { headers: { Accept: 'application/json' } }
  if (form || json) {
    request.method = 'POST'
    request.headers['X-CSRF-Token'] = csrf
    request.body = form ? new URLSearchParams(form) : JSON.stringify(json)
    if (json) request.headers['Content-Type'] = 'application/json'
  }
  let response
  try {
    response = await fetch(path, request)
  } catch {
    lost(true)
    throw new Error(document.querySelector('#lost').textContent)
  }
  const answer = await response.json()
  if (!response.ok) throw Object.assign(new Error(answer.error), { answer, status: response.status })
  return answer
}

/** Say something in a corner for a while; what went wrong stays until it is clicked away. */
export function say(text, { wrong = false } = {}) {
  const toast = document.createElement('button')
  toast.type = 'button'
  toast.className = wrong ? 'toast wrong' : 'toast'
  toast.textContent = text
  toast.addEventListener('click', () => toast.remove())
  document.querySelector('#toasts').append(toast)
  if (!wrong) setTimeout(() => toast.remove(), 5000)
}

/** Do something, and say what went wrong if it does. */
export async function trying(work) {
  try {
    return await work()
  } catch (error) {
    say(error.message, { wrong: true })
    return undefined
  }
}

/**
 * Follow server-sent events, JSON each, while the page is seen; says at its top while bubbled is not there.
 * A browser talks to bubbled over six connections at most: a page that nobody sees keeps none.
 */
export function follow(path, told) {
  let source
  const attend = () => {
    source?.close()
    source = document.hidden ? undefined : opened(path, told)
  }
  document.addEventListener('visibilitychange', attend)
  attend()
}

function opened(path, told) {
  const source = new EventSource(path)
  source.onopen = () => lost(false)
  source.onmessage = (event) => told(JSON.parse(event.data))
  source.onerror = () => lost(true)
  return source
}

function lost(isLost) {
  document.querySelector('#lost').hidden = !isLost
}

// The time of a call counts on by itself.
export function count() {
  for (const element of document.querySelectorAll('[data-since]')) {
    const seconds = Math.max(0, Math.floor((Date.now() - new Date(element.dataset.since)) / 1000))
    const minutes = Math.floor(seconds / 60)
    element.textContent = `${minutes}:${String(seconds % 60).padStart(2, '0')}`
  }
}
count()
setInterval(count, 1000)
