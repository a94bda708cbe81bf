local Maze = {}
Maze.__index = Maze

function Maze.new(width, height)
  local self = setmetatable({}, Maze)
  self.width, self.height = width, height
  self.cells = {}
  for y = 1, height do
    self.cells[y] = {}
    for x = 1, width do
      self.cells[y][x] = true
    end
  end
  return self
end

function Maze:carve(x, y)
  if not self.cells[y] or self.cells[y][x] == nil then
    return nil, "outside"
  end
  self.cells[y][x] = false
  return self
end

for _, row in ipairs(Maze.new(3, 2).cells) do
  print(table.concat({ tostring(row[1]), tostring(row[2]) }, " "))
end

return Maze
