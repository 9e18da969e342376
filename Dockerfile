# syntax=docker/dockerfile:1
# One image for all processes: api, worker, dispatcher; any other command goes to the command line (migrate, key, import, ...).
# Debian, not Alpine: Temporal's core needs glibc.

FROM node:24-bookworm-slim AS build
WORKDIR /perennial
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /perennial
# TLS to Twilio, SMTP and a hosted Temporal needs the authorities.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /perennial/package.json ./
COPY --from=build /perennial/node_modules ./node_modules
COPY --from=build /perennial/dist ./dist
COPY config ./config
COPY data ./data
COPY --chmod=755 <<'SCRIPT' /usr/local/bin/perennial
#!/bin/sh
# exec: the process itself receives the signals, and finishes its work before it stops.
case "$1" in
  api | worker | dispatcher) exec node "dist/apps/$1/src/main.js" ;;
  *) exec node dist/apps/cli/src/main.js "$@" ;;
esac
SCRIPT
USER node
EXPOSE 3000 2525
ENTRYPOINT ["perennial"]
CMD ["--help"]
