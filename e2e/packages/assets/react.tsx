import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { MemoryRouter, Route, Routes, useNavigate } from "react-router";
import { done } from "./done";

function First() {
  const navigate = useNavigate();
  useEffect(() => void navigate("/second"), []);
  return <p>first</p>;
}

function Second() {
  const [count, setCount] = useState(0);
  useEffect(() => (count < 2 ? setCount(count + 1) : done(`second ${count}`)), [count]);
  return <p style={{ color: "rgb(1, 2, 3)" }}>second</p>;
}

createRoot(document.querySelector("main")!).render(
  <MemoryRouter>
    <Routes>
      <Route path="/" element={<First />} />
      <Route path="/second" element={<Second />} />
    </Routes>
  </MemoryRouter>,
);
