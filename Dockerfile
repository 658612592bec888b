# launch-director: the worker, the gateway and every other command. It neither has nor needs Go, Java, a Temporal server
# or a Postgres: `launch up` is not for the image.

# Node's long-term version; package.json says which ones will do.
FROM node:22.22.0-bookworm-slim AS node
WORKDIR /app

# What runs: nothing to build, to test or to start a local stack with, and of Temporal's core the one for this machine.
FROM node AS dependencies
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +

FROM node AS build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build

FROM node
# Temporal Cloud is reached by TLS, checked against the system's certificates.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
# Why so little memory: see WORKER_MEMORY in stack/up.ts.
ENV NODE_ENV=production \
  MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072 NODE_OPTIONS=--max-semi-space-size=4
COPY --from=build /app/package.json ./
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/prisma/migrations ./prisma/migrations
COPY --from=build /app/examples ./examples
# Nothing of the above is theirs to change.
USER node
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "dist/cli/index.js"]
CMD ["worker"]
